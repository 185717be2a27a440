using System.Text.Json;
using TxMsg.Benchmarks.Receiving;

namespace TxMsg.Benchmarks.Performance;

/// <summary>A producer that says <c>commit</c> to whatever it is asked, and a consumer beside it.</summary>
internal sealed class CheckBackEndpoint : IDisposable
{
    private readonly LoopbackServer server;
    private long first;
    private long last;

    public CheckBackEndpoint(Action<Guid> asked, Action<Guid> delivered)
    {
        server = new LoopbackServer(async context =>
        {
            if (context.Request.Path == "/deliveries")
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                delivered(Guid.Parse(context.Request.Headers["ce-id"].ToString()));
                context.Response.ContentLength = 0;
                return;
            }

            using var question = await JsonDocument.ParseAsync(context.Request.Body);
            var now = DateTimeOffset.UtcNow.UtcTicks;
            Interlocked.CompareExchange(ref first, now, 0);
            Interlocked.Exchange(ref last, now);
            asked(question.RootElement.GetProperty("id").GetGuid());
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"verdict":"commit"}""");
        });
    }

    public Uri CheckBackUrl => new(server.Address, "/check-back");

    public Uri DeliveryUrl => new(server.Address, "/deliveries");

    public DateTimeOffset FirstAsked => new(Interlocked.Read(ref first), TimeSpan.Zero);

    public DateTimeOffset LastAsked => new(Interlocked.Read(ref last), TimeSpan.Zero);

    /// <summary>Whatever was asked so far does not count.</summary>
    public void Forget() => Interlocked.Exchange(ref first, 0);

    public void Dispose() => server.Dispose();
}
