using TxMsg.AcceptanceTests.Harness;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Transactions;

/// <summary>A node stands still in the middle of a transaction, and keeps its locks.</summary>
public sealed class BlockedRowTests(StoreProvider provider) : StoreFixture(provider)
{
    private const int Others = 20;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(30);

    [Test]
    public async Task WhatItHolds_FailsAlone_AndTheRestIsWritten()
    {
        if (!Node.Database.IsShared) Assert.Ignore("SQLite is one node");
        var producer = await Node.RegisterProducerAsync();
        var messages = Enumerable.Range(0, Others + 1).Select(_ => Messages.New(producer, NodeActions.Unique("topic"))).ToArray();
        foreach (var message in messages) await Node.PrepareAsync(message, Time);
        var verdicts = messages.Select(message => NodeActions.Deciding(message.Id, Verdict.Commit, Time)).ToArray();
        await using var holding = await HoldAsync(messages[7]);

        try
        {
            await Node.WriteTogetherAsync(verdicts).WaitAsync(Enough);
            Assert.Fail("The blocked one was written.");
        }
        catch (StoreUnavailableException)
        {
            // Said of the one; the others are looked at below.
        }

        var written = verdicts.Where(verdict => verdict.Completion.IsCompletedSuccessfully).ToArray();
        written.Should().HaveCount(Others).And.OnlyContain(verdict => verdict.Result.Outcome == VerdictOutcome.Decided);
        verdicts[7].Completion.IsFaulted.Should().BeTrue();
        Node.Committer.IsHealthy.Should().BeTrue("the store takes writes");
        await holding.DisposeAsync();
        await Eventually.HoldsAsync(async () => (await DecideAsync(messages[7])).Should().Be(VerdictOutcome.Decided));
    }

    private async Task<VerdictOutcome?> DecideAsync(NewMessage message)
    {
        try
        {
            return (await Node.DecideAsync(message.Id, Verdict.Commit, Time)).Outcome;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    [Test]
    public async Task WhatIsDeferred_IsWritten_BeforeAllThatIsBlockedWasTried()
    {
        if (!Node.Database.IsShared) Assert.Ignore("SQLite is one node");
        var producer = await Node.RegisterProducerAsync();
        var messages = Enumerable.Range(0, 6).Select(_ => Messages.New(producer, NodeActions.Unique("topic"))).ToArray();
        foreach (var message in messages) await Node.PrepareAsync(message, Time);
        var verdicts = messages.Select(message => NodeActions.Deciding(message.Id, Verdict.Commit, Time)).ToArray();
        var blocked = 0;
        foreach (var verdict in verdicts) _ = verdict.Completion.ContinueWith(_ => Interlocked.Increment(ref blocked), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await using var holding = await HoldAsync(messages);

        var deciding = Node.WriteTogetherAsync(verdicts);
        var blockedBefore = Node.Committer.WriteDeferredAsync(new RenewalOperation(NobodysDelivery(messages[0]), leasedUntil: 1))
            .ContinueWith(_ => Volatile.Read(ref blocked), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        (await blockedBefore.WaitAsync(Enough)).Should().BeLessThan(messages.Length, "leases run out while others' locks are waited for");
        await FluentActions.Awaiting(() => deciding.WaitAsync(Enough)).Should().ThrowAsync<StoreUnavailableException>();
    }

    private static LeasedDelivery NobodysDelivery(NewMessage message) => new()
    {
        MessageSeq = 0,
        MessageId = message.Id,
        ProducerId = message.ProducerId,
        SubscriptionId = 0,
        Topic = message.Topic,
        CommittedAt = 0,
        LeaseToken = 1,
        LeasedUntil = 0,
    };

    // Another node's transaction, which ends when it is disposed of.
    private async Task<IAsyncDisposable> HoldAsync(params NewMessage[] messages)
    {
        var other = await AddNodeAsync();
        var holding = new Holding();
        holding.Transaction = other.Database.WriteAsync(async connection =>
        {
            foreach (var message in messages)
            {
                await connection.ExecuteAsync(
                    "ClaimMessageForCheckBack", new { id = message.Id.ToByteArray(bigEndian: true), leasedUntil = Time.GetUtcNow().ToUnixTimeMilliseconds(), token = 1L });
            }

            holding.Held.TrySetResult();
            await holding.Released.Task;
        });
        await holding.Held.Task.WaitAsync(Enough);
        return holding;
    }

    private sealed class Holding : IAsyncDisposable
    {
        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Transaction { get; set; } = Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            Released.TrySetResult();
            await Transaction;
        }
    }
}
