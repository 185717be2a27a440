using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Deliveries;

/// <summary>What a commit reserves for its deliveries comes back whenever the commit does not come about.</summary>
public sealed class FanOutTests
{
    private TestNode node = null!;

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync("billing");
        await node.SubscribeAsync("stock", ordered: true);
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [TestCase(10)]
    [TestCase(13)]
    public async Task Write_WhenTheStoreFailsAfterIt_GivesTheRoomBack(int error)
    {
        var message = await node.PrepareAsync();
        node.Break.OnApply = () => throw new SqliteException("the test's", error);

        await FluentActions.Awaiting(() => WriteAsync(message)).Should().ThrowAsync<StoreUnavailableException>();

        node.Outlets.Held.Should().Be(0);
        (await node.StateOfAsync(message.Id)).Should().Be(MessageState.Prepared);
    }

    [Test]
    public async Task Write_WhenADeliveryCannotBeInserted_GivesTheRoomBack()
    {
        await node.ExecuteAsync("CREATE TRIGGER full BEFORE INSERT ON deliveries WHEN NEW.subscription_id = 2 BEGIN SELECT RAISE(ABORT, 'the test refuses this row'); END;");
        var message = await node.PrepareAsync();

        await FluentActions.Awaiting(() => WriteAsync(message)).Should().ThrowAsync<StoreUnavailableException>();
        await FluentActions.Awaiting(() => node.PrepareAsync(node.NewMessage(committed: true))).Should().ThrowAsync<StoreUnavailableException>();

        node.Outlets.Held.Should().Be(0);
        node.Outlets[1].Held.Should().Be(0);
        node.Outlets[2].Held.Should().Be(0);
    }

    [Test]
    public async Task Write_WhenTriedAgain_ReservesOnce()
    {
        var tries = 0;
        node.Break.OnApply = () =>
        {
            if (tries++ is > 0 and < 4) throw new SqliteException("busy", 5);
        };
        var message = await node.PrepareAsync();

        (await WriteAsync(message)).Outcome.Should().Be(VerdictOutcome.Decided);

        tries.Should().BeGreaterThan(4);
        node.Outlets.Held.Should().Be(2);
        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries WHERE state = 1")).Should().Be(2);
        (await node.ReadAsync("SELECT value FROM counters WHERE name = 'committed'")).Should().Be(1);
    }

    [Test]
    public async Task Write_WhenASetIsTakenApart_ReservesOnceForEachThatIsWritten()
    {
        var messages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.PrepareAsync()));
        await node.ExecuteAsync("CREATE TRIGGER bad BEFORE UPDATE ON messages WHEN NEW.seq IN (3, 17) BEGIN SELECT RAISE(ABORT, 'the test refuses this row'); END;");
        using var entered = new ManualResetEventSlim();
        using var open = new ManualResetEventSlim();
        node.Break.OnApply = () =>
        {
            entered.Set();
            open.Wait();
        };
        var holding = node.Committer.WriteAsync(new VerdictOperation(Guid.NewGuid(), Verdict.Commit, VerdictSource.Producer, node.Time.GetUtcNow()));
        entered.Wait();
        var writing = messages.Select(WriteAsync).ToArray();
        open.Set();
        await holding;

        var outcomes = await Task.WhenAll(writing.Select(async task => await task.ContinueWith(done => done.IsCompletedSuccessfully, TaskScheduler.Default)));

        outcomes.Count(success => success).Should().Be(18);
        node.Outlets[1].Held.Should().Be(18);
        node.Outlets[2].Held.Should().Be(18);
        node.Outlets.Held.Should().Be(36);
        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries")).Should().Be(36);
    }

    [Test]
    public async Task Write_OfMoreThanOneTransactionIsToHave_IsDoneInParts()
    {
        await node.ExecuteAsync("""
            INSERT INTO subscriptions (name, topic, endpoint, ordered, secret, state, created_at, updated_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 298)
            SELECT 's' || i, 'orders', 'http://127.0.0.1:9/', 0, (SELECT secret FROM producers), 1, 0, 0 FROM n;
            UPDATE registry SET version = version + 1;
            """);
        var messages = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => node.PrepareAsync()));
        using var open = new ManualResetEventSlim();
        var (transactions, entered) = (0, new TaskCompletionSource());
        node.Break.OnApply = () =>
        {
            transactions++;
            entered.TrySetResult();
            open.Wait();
        };
        var holding = node.Committer.WriteAsync(new VerdictOperation(Guid.NewGuid(), Verdict.Commit, VerdictSource.Producer, node.Time.GetUtcNow()));
        await entered.Task;
        var writing = messages.Select(WriteAsync).ToArray();
        open.Set();
        await holding;

        (await Task.WhenAll(writing)).Should().OnlyContain(result => result.Outcome == VerdictOutcome.Decided);

        transactions.Should().Be(1 + 4, "60 messages of 300 deliveries are 18,000 rows: halves of them are too many, quarters are not");
        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries")).Should().Be(60 * 300);
        (await node.ReadAsync("SELECT value FROM counters WHERE name = 'committed'")).Should().Be(60);
    }

    [Test]
    public async Task Write_WithoutRoom_LeavesTheDeliveryDue()
    {
        while (node.Outlets[1].TryReserve())
        {
        }

        var message = await node.PrepareAsync();
        await WriteAsync(message);

        (await node.ReadAsync("SELECT state FROM deliveries WHERE subscription_id = 1")).Should().Be(0);
        (await node.ReadAsync("SELECT due_at FROM deliveries WHERE subscription_id = 1")).Should().Be(node.Now);
        (await node.ReadAsync("SELECT state FROM deliveries WHERE subscription_id = 2")).Should().Be(1);
    }

    [Test]
    public async Task Write_WhileOlderOnesAreDueInTheStore_LeavesThemHalfOfTheRoom()
    {
        var outlet = node.Outlets[1];
        // Slow: only what is under way at once may be held.
        outlet.NoteLatency(TimeSpan.FromHours(1));
        for (var i = outlet.Room / 2; i > 0; i--) outlet.TryReserve().Should().BeTrue();
        outlet.HasMoreDue = true;
        await WriteAsync(await node.PrepareAsync());
        (await node.ReadAsync("SELECT state FROM deliveries WHERE subscription_id = 1")).Should().Be(0);
        outlet.TryReserve().Should().BeTrue("an older one has room");
        outlet.CancelReservation();

        outlet.HasMoreDue = false;
        await WriteAsync(await node.PrepareAsync());

        (await node.ReadAsync("SELECT state FROM deliveries WHERE subscription_id = 1 ORDER BY id DESC LIMIT 1")).Should().Be(1);
    }

    private Task<VerdictResult> WriteAsync(NewMessage message) =>
        node.Committer.WriteAsync(new VerdictOperation(message.Id, Verdict.Commit, VerdictSource.Producer, node.Time.GetUtcNow()));
}
