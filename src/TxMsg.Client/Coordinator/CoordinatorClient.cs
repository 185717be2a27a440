using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Coordinator;

/// <summary>The coordinator's calls over HTTP. Each is tried at every node, and again with growing, jittered waits, until it is answered or
/// its time is over: what failed is a connection, a time limit, 429 or 5xx (<c>Retry-After</c> is obeyed); any other answer is final.
/// Safe for concurrent use; keep one for the life of the process.</summary>
public sealed class CoordinatorClient : ICoordinatorClient, IDisposable
{
    private readonly CoordinatorTransport transport;

    /// <summary>Makes a client.</summary>
    /// <param name="options">Where the coordinator is, and how long to try.</param>
    /// <param name="time">The clock that limits and waits go by.</param>
    /// <param name="handler">What sends requests, to test with; not disposed of. Default: sockets, with no proxy, cookies and redirects.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names each.</exception>
    public CoordinatorClient(CoordinatorOptions options, TimeProvider time, HttpMessageHandler? handler = null)
    {
        var problems = options.Problems().ToArray();
        if (problems.Length > 0) throw new ArgumentException(string.Join(' ', problems), nameof(options));
        transport = new CoordinatorTransport(options, time, handler);
    }

    /// <inheritdoc/>
    public Task<MessageResource> PrepareAsync(string producer, Message message, CancellationToken cancellationToken = default) =>
        StoreAsync("prepare", message.Id, PrepareJson.One(producer, message, commit: false), cancellationToken);

    /// <inheritdoc/>
    public Task<MessageResource> SendAsync(string producer, Message message, CancellationToken cancellationToken = default) =>
        StoreAsync("send", message.Id, PrepareJson.One(producer, message, commit: true), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageResult>> PrepareAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) =>
        StoreAsync("prepare_batch", producer, messages, commit: false, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageResult>> SendAsync(string producer, IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) =>
        StoreAsync("send_batch", producer, messages, commit: true, cancellationToken);

    /// <inheritdoc/>
    public Task<MessageResource> CommitAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) =>
        DecideAsync("commit", id, reason, cancellationToken);

    /// <inheritdoc/>
    public Task<MessageResource> RollbackAsync(Guid id, string? reason = null, CancellationToken cancellationToken = default) =>
        DecideAsync("rollback", id, reason, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MessageResult>> DecideAsync(IReadOnlyList<VerdictItem> verdicts, CancellationToken cancellationToken = default)
    {
        var results = new List<MessageResult>(verdicts.Count);
        foreach (var part in verdicts.Chunk(BatchSplit.MaxItems))
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new VerdictsRequest { Verdicts = part }, ClientJson.Default.VerdictsRequest);
            results.AddRange(await BatchAsync(new CoordinatorCall("verdicts", HttpMethod.Post, "v1/verdicts") { Body = body }, part.Select(verdict => verdict.Id), cancellationToken).ConfigureAwait(false));
        }

        return results;
    }

    /// <inheritdoc/>
    public async Task<MessageResource?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        try
        {
            return await transport.SendAsync(new CoordinatorCall("find", HttpMethod.Get, $"v1/messages/{id}"), ClientJson.Default.MessageResource, cancellationToken).ConfigureAwait(false);
        }
        catch (CoordinatorRefusedException refused) when (refused.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<ProducerResource> RegisterProducerAsync(string name, ProducerRequest producer, CancellationToken cancellationToken = default) =>
        PutAsync("register_producer", "v1/producers/", name, producer, ClientJson.Default.ProducerRequest, ClientJson.Default.ProducerResource, cancellationToken);

    /// <inheritdoc/>
    public Task<SubscriptionResource> RegisterSubscriptionAsync(string name, SubscriptionRequest subscription, CancellationToken cancellationToken = default) =>
        PutAsync("register_subscription", "v1/subscriptions/", name, subscription, ClientJson.Default.SubscriptionRequest, ClientJson.Default.SubscriptionResource, cancellationToken);

    /// <summary>Asks every node that is known whether it is ready.</summary>
    /// <returns>Of each node its address and what is wrong; null for nothing.</returns>
    public Task<KeyValuePair<Uri, string?>[]> ProbeAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(transport.Nodes.All.Select(node => ProbeAsync(node, cancellationToken)));

    /// <summary>Closes its connections.</summary>
    public void Dispose() => transport.Dispose();

    private async Task<KeyValuePair<Uri, string?>> ProbeAsync(CoordinatorNode node, CancellationToken cancellationToken)
    {
        try
        {
            var status = (int)await transport.ProbeAsync(node, cancellationToken).ConfigureAwait(false);
            return new(node.Address, status is 200 ? null : $"answers {status}");
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException)
        {
            return new(node.Address, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(node.Address, "does not answer in time");
        }
    }

    private Task<MessageResource> StoreAsync(string name, Guid id, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        transport.SendAsync(new CoordinatorCall(name, HttpMethod.Post, "v1/messages") { Body = body, MessageId = id }, ClientJson.Default.MessageResource, cancellationToken);

    private async Task<IReadOnlyList<MessageResult>> StoreAsync(string name, string producer, IReadOnlyList<Message> messages, bool commit, CancellationToken cancellationToken)
    {
        var results = new List<MessageResult>(messages.Count);
        foreach (var part in BatchSplit.Of(messages))
        {
            var call = new CoordinatorCall(name, HttpMethod.Post, "v1/messages/batch") { Body = PrepareJson.Many(producer, part, commit) };
            results.AddRange(await BatchAsync(call, part.Select(message => message.Id), cancellationToken).ConfigureAwait(false));
        }

        return results;
    }

    private async Task<IEnumerable<MessageResult>> BatchAsync(CoordinatorCall call, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var answer = await transport.SendAsync(call, ClientJson.Default.BatchAnswer, cancellationToken).ConfigureAwait(false);
        var sent = ids.ToArray();
        if (answer.Results?.Count != sent.Length) throw new CoordinatorUnavailableException($"The call {call.Name} had {sent.Length} items and was answered with {answer.Results?.Count ?? 0} results.");
        return sent.Zip(answer.Results, CoordinatorProblems.Result);
    }

    private Task<MessageResource> DecideAsync(string verdict, Guid id, string? reason, CancellationToken cancellationToken)
    {
        var body = reason is null ? default(ReadOnlyMemory<byte>) : JsonSerializer.SerializeToUtf8Bytes(new ReasonRequest { Reason = reason }, ClientJson.Default.ReasonRequest);
        var call = new CoordinatorCall(verdict, HttpMethod.Post, $"v1/messages/{id}/{verdict}") { Body = body, MessageId = id };
        return transport.SendAsync(call, ClientJson.Default.MessageResource, cancellationToken);
    }

    private Task<TAnswer> PutAsync<TRequest, TAnswer>(
        string call, string path, string name, TRequest request, JsonTypeInfo<TRequest> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken) =>
        transport.SendAsync(
            new CoordinatorCall(call, HttpMethod.Put, path + Uri.EscapeDataString(name)) { Body = JsonSerializer.SerializeToUtf8Bytes(request, type) }, answer, cancellationToken);
}
