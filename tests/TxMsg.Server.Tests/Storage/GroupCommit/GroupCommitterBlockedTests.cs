using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

/// <summary>What becomes of writes whose rows another node's transaction holds, and of all others.</summary>
public sealed class GroupCommitterBlockedTests : CommitterFixture
{
    private GroupCommitter committer = null!;

    [TearDown]
    public void Stop() => committer.Dispose();

    [Test]
    public async Task WriteAsync_OfARowThatAnotherTransactionHolds_FailsAlone_AndDoesNotHoldUpWhatComesLater()
    {
        committer = New(TimeSpan.FromHours(1));
        Step.After = static notes =>
        {
            if (notes.Any(note => note.Name == "held")) throw SharedDatabase.LockTimeout;
        };
        var (first, second) = (committer.WriteAsync(new Note("1")), committer.WriteAsync(new Note("held")));
        committer.Start();
        await first;
        await FluentActions.Awaiting(() => second).Should().ThrowAsync<StoreUnavailableException>();
        Step.Sets.Clear();

        await FluentActions.Awaiting(() => committer.WriteAsync(new Note("held"))).Should().ThrowAsync<StoreUnavailableException>();
        await committer.WriteAsync(new Note("2"));

        Step.Sets.Should().BeEquivalentTo([new[] { "2" }], "nobody waits for the lock again so soon");
        committer.IsHealthy.Should().BeTrue("the store takes writes");
        (await NamesAsync()).Should().Equal("1", "2");
    }

    [Test]
    public async Task WriteAsync_OfARowThatAnotherTransactionHeld_IsWrittenOnceThatHasEnded()
    {
        committer = New(TimeSpan.Zero);
        var isHeld = true;
        Step.After = notes =>
        {
            if (Volatile.Read(ref isHeld) && notes.Any(note => note.Name == "held")) throw SharedDatabase.LockTimeout;
        };
        committer.Start();
        await FluentActions.Awaiting(() => committer.WriteAsync(new Note("held"))).Should().ThrowAsync<StoreUnavailableException>();
        await FluentActions.Awaiting(() => committer.WriteAsync(new Note("held"))).Should().ThrowAsync<StoreUnavailableException>();

        Volatile.Write(ref isHeld, false);
        await committer.WriteAsync(new Note("held"));

        (await NamesAsync()).Should().Equal("held");
    }

    [Test]
    public async Task WriteAsync_OfManyRowsThatAnotherTransactionHeld_WritesOneAndThenMoreAtOnce()
    {
        committer = New(TimeSpan.Zero);
        var isHeld = true;
        using var gate = new ManualResetEventSlim(initialState: true);
        Step.After = notes =>
        {
            gate.Wait();
            if (Volatile.Read(ref isHeld) && notes.Any(note => note.Name != "gate")) throw SharedDatabase.LockTimeout;
        };
        var names = Enumerable.Range(0, 10).Select(i => $"h{i}").ToArray();
        committer.Start();
        foreach (var name in names) await FluentActions.Awaiting(() => committer.WriteAsync(new Note(name))).Should().ThrowAsync<StoreUnavailableException>();
        Volatile.Write(ref isHeld, false);
        gate.Reset();
        var first = committer.WriteAsync(new Note("gate"));
        await Eventually.HoldsAsync(() => Step.Sets.Last().Should().Equal("gate"));
        Step.Sets.Clear();
        var writing = names.Select(name => committer.WriteAsync(new Note(name))).ToArray();
        gate.Set();

        await Task.WhenAll([first, .. writing]);

        Step.Sets.Select(set => set.Length).Should().Equal(1, 2, 4, 3);
    }

    private GroupCommitter New(TimeSpan pauseOfBlockedRows) => new(
        new SharedDatabase(Store.Database), [Step], Options.Create(new StoreOptions()), Options.Create(new LimitsOptions()), NullLogger<GroupCommitter>.Instance)
    {
        Blocked = new BlockedRows { Pause = pauseOfBlockedRows },
    };
}
