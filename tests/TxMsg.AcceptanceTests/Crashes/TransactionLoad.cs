using System.Collections.Concurrent;

namespace TxMsg.AcceptanceTests.Crashes;

/// <summary>Many clients of one producer, each running transaction after transaction while the coordinator is interrupted.
/// The producer's own truth is kept here: a local transaction commits only after its prepare was acknowledged.</summary>
public sealed class TransactionLoad(Producer producer, string topic)
{
    private const int Clients = 16;
    private const int TransactionsBetweenInterruptions = 120;
    private readonly ConcurrentDictionary<string, bool> mustArrive = new();
    private volatile bool ending;
    private int finished;
    private int leftUndecided;

    /// <summary>The messages whose local transaction committed.</summary>
    public IReadOnlyCollection<string> MustArrive => [.. mustArrive.Keys];

    /// <summary>How many acknowledged half messages got no verdict, or none that was acknowledged.</summary>
    public int LeftUndecided => leftUndecided;

    /// <summary>Runs until that many interruptions were survived, then lets every client finish its transaction.</summary>
    public async Task RunAsync(Coordinator coordinator, int interruptions, Func<Task> interruptAsync)
    {
        producer.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Rollback));
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => RunClientAsync(client))).ToArray();
        for (var i = 0; i < interruptions; i++)
        {
            await MoreTransactionsAsync();
            await interruptAsync();
            await coordinator.StartAsync();
        }

        await MoreTransactionsAsync();
        ending = true;
        await Task.WhenAll(clients);
    }

    private Task MoreTransactionsAsync()
    {
        var goal = Volatile.Read(ref finished) + TransactionsBetweenInterruptions;
        return Eventually.HoldsAsync(() => Volatile.Read(ref finished).Should().BeGreaterThanOrEqualTo(goal));
    }

    private async Task RunClientAsync(int client)
    {
        // seeded, so that a failure can be repeated with the same decisions
        var random = new Random(client);
        while (!ending)
        {
            await RunTransactionAsync(random);
        }
    }

    private async Task RunTransactionAsync(Random random)
    {
        var id = Unique.Id();
        var commits = random.Next(3) > 0;
        var forgets = random.Next(10) == 0;
        if (!await SucceedsAsync(() => producer.Api.PostAsync("/v1/messages", producer.Message(topic) with { Id = id }), 201))
        {
            // not acknowledged: the local transaction never runs, and a check-back is told so
            await Task.Delay(20);
            return;
        }

        if (commits)
        {
            // the local commit: from here on the message must arrive, whatever happens to the coordinator
            mustArrive[id] = true;
            producer.CheckBacks.Decide(id, Verdicts.Commit);
        }

        if (forgets || !await SucceedsAsync(() => commits ? producer.Api.CommitAsync(id) : producer.Api.RollbackAsync(id), 200))
        {
            Interlocked.Increment(ref leftUndecided);
        }

        Interlocked.Increment(ref finished);
    }

    /// <summary>False when the coordinator was not there; any refusal is a failure of the test.</summary>
    private static async Task<bool> SucceedsAsync(Func<Task<Reply>> call, int expected)
    {
        try
        {
            var reply = await call();
            // a coordinator that is stopping may say so
            return reply.Status != 503 && reply.Expect(expected) is not null;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
