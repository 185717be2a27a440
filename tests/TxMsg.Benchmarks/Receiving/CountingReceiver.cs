namespace TxMsg.Benchmarks.Receiving;

/// <summary>A consumer that acknowledges whatever comes, and counts it.</summary>
internal sealed class CountingReceiver : IDisposable
{
    private readonly WebApplication app;
    private long count;

    public CountingReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentLength = 0;
            Interlocked.Increment(ref count);
        });
        app.StartAsync().GetAwaiter().GetResult();
        Endpoint = new Uri(new Uri(app.Urls.Single()), "/deliveries");
    }

    public Uri Endpoint { get; }

    public long Count => Interlocked.Read(ref count);

    public void Dispose()
    {
        app.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
        ((IDisposable)app).Dispose();
    }
}
