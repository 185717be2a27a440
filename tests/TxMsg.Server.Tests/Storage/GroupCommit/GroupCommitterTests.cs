using FluentAssertions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Storage.SqlServer;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

public sealed class GroupCommitterTests : CommitterFixture
{
    private GroupCommitter committer = null!;
    private KeptLog log = null!;

    [SetUp]
    public void Make()
    {
        log = new KeptLog();
        committer = New();
    }

    [TearDown]
    public void Stop()
    {
        committer.Dispose();
        log.Dispose();
    }

    [Test]
    public async Task WriteAsync_OfWhatWaits_IsOneTransaction()
    {
        var writing = Enumerable.Range(0, 100).Select(i => committer.WriteAsync(new Note($"n{i}"))).ToArray();
        committer.Start();

        (await Task.WhenAll(writing)).Should().OnlyContain(together => together == 100);
        (await NamesAsync()).Should().HaveCount(100);
        (await Store.QueryAsync("SELECT value FROM counters WHERE name = 'notes'")).Should().Equal("100");
    }

    [Test]
    public async Task WriteAsync_WithoutGroupCommit_IsATransactionEach()
    {
        committer = New(groupCommit: false);
        var writing = Enumerable.Range(0, 20).Select(i => committer.WriteAsync(new Note($"n{i}"))).ToArray();
        committer.Start();

        (await Task.WhenAll(writing)).Should().OnlyContain(together => together == 1);
    }

    [Test]
    public async Task WriteAsync_OfOneBadRow_FailsAlone()
    {
        var writing = Enumerable.Range(0, 50).Select(i => committer.WriteAsync(new Note($"n{i}", i == 17 ? null : "text"))).ToArray();
        committer.Start();

        await FluentActions.Awaiting(() => Task.WhenAll(writing)).Should().ThrowAsync<StoreUnavailableException>();

        writing.Where(write => write.IsFaulted).Should().Equal(writing[17]);
        (await NamesAsync()).Should().HaveCount(49).And.NotContain("n17");
        (await Store.QueryAsync("SELECT value FROM counters WHERE name = 'notes'")).Should().Equal("49");
        committer.IsHealthy.Should().BeTrue("a row's fault is not the store's");
    }

    [Test]
    public async Task WriteAsync_OfMoreThanOneTransactionIsToHave_WritesItInPartsAndWhatComesMeanwhileBetweenThem()
    {
        Task<int>? late = null;
        Step.After = notes =>
        {
            if (notes.Count > 10) throw new BatchTooLargeException();
            late ??= committer.WriteAsync(new Note("late"));
        };
        var writing = Enumerable.Range(0, 40).Select(i => committer.WriteAsync(new Note($"n{i}"))).ToArray();
        committer.Start();

        (await Task.WhenAll(writing)).Should().OnlyContain(together => together == 10);

        (await late!).Should().Be(1);
        Step.Sets.Select(set => set.Length).Should().Equal(40, 20, 10, 1, 10, 20, 10, 10);
        (await NamesAsync()).Should().HaveCount(41);
    }

    [Test]
    public async Task WriteAsync_WhenTheStoreHasNoFreeConnection_TellsAllAtOnce()
    {
        Step.After = static _ => throw new NoFreeConnectionException(new InvalidOperationException());
        var writing = Enumerable.Range(0, 50).Select(i => committer.WriteAsync(new Note($"n{i}"))).ToArray();
        committer.Start();

        foreach (var write in writing) await FluentActions.Awaiting(() => write).Should().ThrowAsync<StoreUnavailableException>();

        Step.Sets.Should().ContainSingle("each alone would wait as long as all of them");
        committer.IsHealthy.Should().BeFalse();
    }

    [Test]
    public async Task WriteAsync_OfAnOperationThatThrows_FailsAloneWithItsOwnException()
    {
        Step.After = notes =>
        {
            if (notes.Any(note => note.Name == "bad")) throw new InvalidOperationException("the test's");
        };
        var good = committer.WriteAsync(new Note("good"));
        var bad = committer.WriteAsync(new Note("bad"));
        committer.Start();

        (await good).Should().Be(1);
        await FluentActions.Awaiting(() => bad).Should().ThrowAsync<InvalidOperationException>().WithMessage("the test's");
        (await NamesAsync()).Should().Equal("good");
    }

    [Test]
    public async Task WriteAsync_OfATransientFault_IsTriedAgain()
    {
        var faults = 3;
        Step.After = _ =>
        {
            if (faults-- > 0) throw new SqliteException("busy", 5);
        };
        committer.Start();

        await committer.WriteAsync(new Note("n"));

        Step.Sets.Should().HaveCount(4);
        Step.RolledBack.Should().HaveCount(3);
        (await Store.QueryAsync("SELECT value FROM counters WHERE name = 'notes'")).Should().Equal("1");
    }

    [Test]
    public async Task WriteAsync_OfAFaultOfTheStore_FailsTheWholeSetAndRecovers()
    {
        Step.After = static _ => throw new SqliteException("database or disk is full", 13);
        var writing = Enumerable.Range(0, 5).Select(i => committer.WriteAsync(new Note($"n{i}"))).ToArray();
        committer.Start();

        foreach (var write in writing) await FluentActions.Awaiting(() => write).Should().ThrowAsync<StoreUnavailableException>();
        Step.Sets.Should().HaveCount(1, "a full disk is no row's fault");
        committer.IsHealthy.Should().BeFalse();
        committer.LastFault.Should().BeOfType<SqliteException>();

        Step.After = static _ => { };
        await committer.WriteAsync(new Note("later"));
        committer.IsHealthy.Should().BeTrue();
        (await NamesAsync()).Should().Equal("later");
    }

    [Test]
    public async Task WriteAsync_OfFaultAfterFaultOfTheStore_IsToldOnce()
    {
        Step.After = static _ => throw new SqliteException("database or disk is full", 13);
        committer.Start();

        for (var i = 0; i < 20; i++) await FluentActions.Awaiting(() => committer.WriteAsync(new Note($"n{i}"))).Should().ThrowAsync<StoreUnavailableException>();

        log.Entries.Should().ContainSingle().Which.Should().EndWith("Writes that failed: 1; none of them was acknowledged");
    }

    [Test]
    public async Task WriteAsync_PastTheQueuesLength_IsRefused()
    {
        committer = New(queueLength: 2);
        var first = committer.WriteAsync(new Note("1"));
        var second = committer.WriteAsync(new Note("2"));

        await FluentActions.Awaiting(() => committer.WriteAsync(new Note("3"))).Should().ThrowAsync<WriteQueueFullException>();

        committer.Start();
        await Task.WhenAll(first, second);
        await committer.WriteAsync(new Note("4"));
        (await NamesAsync()).Should().Equal("1", "2", "4");
    }

    [Test]
    public async Task Stop_WithWritesWaiting_WritesThemAndTakesNoMore()
    {
        var urgent = Enumerable.Range(0, 50).Select(i => committer.WriteAsync(new Note($"u{i}"))).ToArray();
        var deferred = Enumerable.Range(0, 50).Select(i => committer.WriteDeferredAsync(new Note($"d{i}"))).ToArray();
        committer.Start();
        await Task.Run(committer.Stop);

        await Task.WhenAll([.. urgent, .. deferred]);
        (await NamesAsync()).Should().HaveCount(100);
        await FluentActions.Awaiting(() => committer.WriteAsync(new Note("late"))).Should().ThrowAsync<WriteQueueFullException>();
        await FluentActions.Awaiting(() => committer.WriteDeferredAsync(new Note("late"))).Should().ThrowAsync<WriteQueueFullException>();
    }

    [Test]
    public async Task WriteDeferredAsync_Alone_IsWrittenSoon()
    {
        committer.Start();

        (await committer.WriteDeferredAsync(new Note("n")).WaitAsync(TimeSpan.FromSeconds(20))).Should().Be(1);
    }

    [Test]
    public async Task WriteAsync_AfterTheRollbackFailedToo_GetsANewConnection()
    {
        // Ends the transaction behind the session's back, as the engine does when the disk is full.
        var faults = 1;
        Step.After = _ =>
        {
            if (faults-- > 0) throw new SqliteException("disk I/O error", 10);
        };
        committer.Start();

        await FluentActions.Awaiting(() => committer.WriteAsync(new Note("lost"))).Should().ThrowAsync<StoreUnavailableException>();
        await committer.WriteAsync(new Note("kept"));

        (await NamesAsync()).Should().Equal("kept");
    }

    [Test]
    public async Task WriteAsync_OnAReplica_IsTriedAgainOnANewConnection()
    {
        var database = new SharedDatabase(Store.Database);
        committer = New(database: database);
        // For as long as the first connection is used: it never becomes the primary's.
        Step.After = _ =>
        {
            if (database.OpenedSessions == 1) throw SharedDatabase.ReadOnly;
        };
        committer.Start();

        await committer.WriteAsync(new Note("1"));
        await committer.WriteAsync(new Note("2"));

        database.OpenedSessions.Should().Be(2);
        (await NamesAsync()).Should().Equal("1", "2");
    }

    [Test]
    public async Task WriteAsync_ThatHasBeenTriedForLong_IsRefused()
    {
        var database = new SharedDatabase(Store.Database) { Patience = TimeSpan.Zero };
        committer = New(database: database);
        var tries = 0;
        Step.After = _ =>
        {
            tries++;
            throw SharedDatabase.ReadOnly;
        };
        committer.Start();

        await FluentActions.Awaiting(() => committer.WriteAsync(new Note("1"))).Should().ThrowAsync<StoreUnavailableException>();
        tries.Should().Be(1);
    }

    [Test]
    public async Task WriteAsync_FromManyThreads_WritesEachOnce()
    {
        committer.Start();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                var name = $"{thread}-{i}";
                if (i % 3 == 0) await committer.WriteDeferredAsync(new Note(name));
                else if (i % 3 == 1) await committer.WriteAsync(new Note(name), isAlone: true);
                else await committer.WriteAsync(new Note(name));
            }
        })));

        (await NamesAsync()).Should().HaveCount(800);
        (await Store.QueryAsync("SELECT value FROM counters WHERE name = 'notes'")).Should().Equal("800");
    }

    private GroupCommitter New(bool groupCommit = true, int queueLength = 10_000, StoreDatabase? database = null) => new(
        database ?? Store.Database, [Step], Options.Create(new StoreOptions { GroupCommit = groupCommit }), Options.Create(new LimitsOptions { WriteQueueLength = queueLength }),
        new Logger<GroupCommitter>(new LoggerFactory([log])));
}
