using System.Collections.Concurrent;

namespace TxMsg.AcceptanceTests.Nodes;

/// <summary>Clients that run transaction after transaction, and turn to the other node when one does not answer. Every call is repeated
/// with the same id, as the contract allows, so each transaction ends.</summary>
public sealed class FailOverLoad : IAsyncDisposable
{
    private const int Clients = 8;
    private readonly ConcurrentQueue<string> committed = new();
    private readonly Producer producer;
    private readonly string topic;
    private readonly IReadOnlyList<Coordinator> nodes;
    private readonly Task[] clients;
    private volatile bool ending;
    private int finished;

    public FailOverLoad(Producer producer, string topic, IReadOnlyList<Coordinator> nodes)
    {
        (this.producer, this.topic, this.nodes) = (producer, topic, nodes);
        clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => RunAsync(client))).ToArray();
    }

    /// <summary>What must arrive.</summary>
    public IReadOnlyCollection<string> Committed => committed;

    /// <summary>Waits until so many more transactions have ended.</summary>
    public Task MoreAsync(int count)
    {
        var goal = Volatile.Read(ref finished) + count;
        return Eventually.HoldsAsync(() =>
        {
            clients.Should().NotContain(client => client.IsFaulted);
            Volatile.Read(ref finished).Should().BeGreaterThanOrEqualTo(goal);
        });
    }

    /// <summary>Lets every client end its transaction; its failure is the test's.</summary>
    public Task EndAsync()
    {
        ending = true;
        return Task.WhenAll(clients);
    }

    public async ValueTask DisposeAsync()
    {
        ending = true;
        await Task.WhenAll(clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(int client)
    {
        // seeded, so that a failure can be repeated with the same decisions
        var random = new Random(client);
        for (var node = client; !ending;)
        {
            var id = Unique.Id();
            var commits = random.Next(3) > 0;
            node = await CallAsync(node, api => api.PostAsync("/v1/messages", producer.Message(topic) with { Id = id }), 200, 201);
            if (commits) committed.Enqueue(id);
            node = await CallAsync(node, api => commits ? api.CommitAsync(id) : api.RollbackAsync(id), 200);
            Interlocked.Increment(ref finished);
        }
    }

    // Returns which node answered.
    private async Task<int> CallAsync(int node, Func<Api, Task<Reply>> call, params int[] expected)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); ; node++)
        {
            try
            {
                var reply = await call(nodes[node % nodes.Count].Api);
                if (expected.Contains(reply.Status)) return node;
                // one that is stopping may say so
                if (reply.Status != 503) throw new AssertionException($"An answer that is not expected: {reply}");
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                if (clock.Elapsed > Eventually.Deadline) throw;
            }

            await Task.Delay(20);
        }
    }
}
