namespace TxMsg.Benchmarks.Receiving;

/// <summary>Kestrel on loopback with one terminal middleware, as bare as it gets.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly WebApplication app;

    /// <param name="handle">Answers every request.</param>
    /// <param name="port">0 for any.</param>
    public LoopbackServer(RequestDelegate handle, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        app = builder.Build();
        app.Run(handle);
        app.StartAsync().GetAwaiter().GetResult();
    }

    public Uri Address => new(app.Urls.Single());

    public void Dispose()
    {
        app.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
        ((IDisposable)app).Dispose();
    }
}
