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
        var other = await AddNodeAsync();
        var (held, released) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var holding = HoldAsync(other, messages[7].Id, held, released.Task);
        await held.Task.WaitAsync(Enough);

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
        released.SetResult();
        await holding;
        (await Node.DecideAsync(messages[7].Id, Verdict.Commit, Time)).Outcome.Should().Be(VerdictOutcome.Decided);
    }

    private Task<int> HoldAsync(Node node, Guid id, TaskCompletionSource held, Task released) => node.Database.WriteAsync(async connection =>
    {
        var touched = await connection.ExecuteAsync(
            "ClaimMessageForCheckBack", new { id = id.ToByteArray(bigEndian: true), leasedUntil = Time.GetUtcNow().ToUnixTimeMilliseconds(), token = 1L });
        held.SetResult();
        await released;
        return touched;
    });
}
