using System.Net;
using TxMsg.Contracts;

namespace TxMsg.FaultTests.Simulation;

/// <summary>Everything between a node and its peers, and the peers' doors: each request has a fate, and takes its time.</summary>
internal sealed class SimNetwork(World world, Func<SimNode> from) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var call = new Call(from(), request, body);
        // Continued on the world's thread, right where it is completed.
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        await using var registration = cancellationToken.UnsafeRegister(_ => answer.TrySetCanceled(cancellationToken), null);
        world.Arrive(call, answer);
        return await answer.Task.ConfigureAwait(false);
    }
}

/// <summary>A request on its way from a node.</summary>
internal sealed class Call(SimNode node, HttpRequestMessage request, byte[] body)
{
    public SimNode Node { get; } = node;

    public byte[] Body { get; } = body;

    public string Host { get; } = request.RequestUri!.Host;

    /// <summary>Read at once: the request is disposed of when the caller has given up.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } =
        request.Headers.NonValidated.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public Guid MessageId => Guid.Parse(Header(HeaderNames.WebhookId)!);

    /// <summary>What the coordinator sees of a fate; null for silence.</summary>
    public static Action<TaskCompletionSource<HttpResponseMessage>>? Answering(Fate fate, string? body) => fate switch
    {
        Fate.Refused => static source => source.TrySetException(new HttpRequestException(HttpRequestError.ConnectionError)),
        Fate.LostRequest or Fate.LostAnswer => static source => source.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded)),
        Fate.Hang => null,
        _ => source => source.TrySetResult(Response(fate, body)),
    };

    private static HttpResponseMessage Response(Fate fate, string? body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)fate.Status()!) { Content = new StringContent(body ?? "") };
        if (fate == Fate.Busy) response.Headers.Add("Retry-After", "3");
        return response;
    }
}
