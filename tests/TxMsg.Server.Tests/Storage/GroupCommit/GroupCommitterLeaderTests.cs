using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

/// <summary>A caller who comes alone writes on its own thread, once the committer rests: the tests try until it does.</summary>
[CancelAfter(60_000)]
public sealed class GroupCommitterLeaderTests : CommitterFixture
{
    private const string CommitterThread = "txmsg-group-commit";

    private GroupCommitter committer = null!;

    [SetUp]
    public void Make() => committer = New(longestLead: TimeSpan.MaxValue);

    [TearDown]
    public void Stop() => committer.Dispose();

    [Test]
    public async Task WriteAsync_AloneWhileTheCommitterRests_WritesOnTheCallersThread(CancellationToken cancellationToken)
    {
        var isOwnThread = false;
        Step.After = _ => isOwnThread = Thread.CurrentThread.Name != CommitterThread;
        committer.Start();

        var written = 0;
        for (; !isOwnThread; written++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var writing = committer.WriteAsync(new Note($"n{written}"), isAlone: true);
            if (isOwnThread) writing.IsCompletedSuccessfully.Should().BeTrue("nobody needs to be waited for");
            (await writing).Should().Be(1);
        }

        (await NamesAsync()).Should().HaveCount(written);
        (await Store.QueryAsync("SELECT value FROM counters WHERE name = 'notes'")).Should().Equal($"{written}");
    }

    [Test]
    public async Task WriteAsync_AloneAndFailingOnTheCallersThread_IsLeftToTheCommitter(CancellationToken cancellationToken)
    {
        Step.After = static _ =>
        {
            if (Thread.CurrentThread.Name != CommitterThread) throw new SqliteException("disk I/O error", 10);
        };
        committer.Start();

        var written = 0;
        for (; Step.RolledBack.IsEmpty; written++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var deferred = committer.WriteDeferredAsync(new Note($"d{written}"));
            (await committer.WriteAsync(new Note($"n{written}"), isAlone: true)).Should().BePositive();
            await deferred;
        }

        (await NamesAsync()).Should().HaveCount(2 * written);
        (await Store.QueryAsync("SELECT value FROM counters WHERE name = 'notes'")).Should().Equal($"{2 * written}");
        committer.IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task WriteAsync_AloneWhileAnotherWrites_DoesNotBlockTheCaller(CancellationToken cancellationToken)
    {
        committer.Start();
        for (var i = 0; i < 20; i++) await committer.WriteAsync(new Note($"n{i}"), isAlone: true);

        Task<int> writing;
        using (Store.Database.EnterWriteGate())
        {
            writing = committer.WriteAsync(new Note("waits"), isAlone: true);
            writing.IsCompleted.Should().BeFalse();
        }

        await writing.WaitAsync(cancellationToken);
        (await NamesAsync()).Should().HaveCount(21).And.Contain("waits");
    }

    [Test]
    public async Task WriteAsync_AloneWhereAFlushTakesLong_IsForTheCommitter()
    {
        var onOwnThread = 0;
        Step.After = _ =>
        {
            if (Thread.CurrentThread.Name != CommitterThread) onOwnThread++;
            SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(2));
        };
        committer = New(longestLead: TimeSpan.FromMilliseconds(1));
        committer.Start();

        for (var i = 0; i < 50; i++) await committer.WriteAsync(new Note($"n{i}"), isAlone: true);

        onOwnThread.Should().Be(0);
    }

    private GroupCommitter New(TimeSpan longestLead) => new(
        Store.Database, [Step], Options.Create(new StoreOptions()), Options.Create(new LimitsOptions()), NullLogger<GroupCommitter>.Instance) { LongestLead = longestLead };
}
