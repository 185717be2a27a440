using System.Net.Http.Headers;
using System.Threading.Channels;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Contracts;

namespace TxMsg.Benchmarks.NoOp;

/// <summary>Posts committed ids to the endpoint with the headers of a real delivery, a bounded number at once.</summary>
internal sealed class NoOpDeliveries : IDisposable
{
    private static readonly (string Name, string Value)[] ConstantHeaders =
    [
        (HeaderNames.SpecVersion, "1.0"),
        (HeaderNames.Source, "/producers/" + Names.Producer),
        (HeaderNames.Type, Names.Topic),
        (HeaderNames.Time, "2026-01-01T00:00:00.000Z"),
        (HeaderNames.Attempt, "1"),
        (HeaderNames.Subscription, Names.Subscription),
        (HeaderNames.WebhookTimestamp, "1767225600"),
        (HeaderNames.WebhookSignature, "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
        (HeaderNames.TraceParent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ];

    private static readonly MediaTypeHeaderValue ContentType = new("application/octet-stream");

    private readonly Channel<string> committed = Channel.CreateUnbounded<string>();
    private readonly HttpMessageInvoker http;
    private readonly byte[] payload;

    public NoOpDeliveries(NoOpOptions options, CancellationToken stop)
    {
        payload = Payload.OfSize(options.PayloadBytes);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = options.Concurrency,
        });
        for (var i = 0; i < options.Concurrency; i++)
            _ = Task.Run(() => Deliver(stop), stop);
    }

    public Uri? Endpoint { get; set; }

    public void Add(string id) => committed.Writer.TryWrite(id);

    public void Dispose() => http.Dispose();

    private async Task Deliver(CancellationToken stop)
    {
        while (await committed.Reader.WaitToReadAsync(stop))
        {
            while (committed.Reader.TryRead(out var id))
            {
                using var request = Request(id);
                using var answer = await http.SendAsync(request, stop);
                if (!answer.IsSuccessStatusCode)
                    Environment.FailFast($"The receiver answered {(int)answer.StatusCode}.");
            }
        }
    }

    private HttpRequestMessage Request(string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new ReadOnlyMemoryContent(payload) };
        request.Content.Headers.ContentType = ContentType;
        request.Headers.TryAddWithoutValidation(HeaderNames.Id, id);
        request.Headers.TryAddWithoutValidation(HeaderNames.WebhookId, id);
        foreach (var (name, value) in ConstantHeaders)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
