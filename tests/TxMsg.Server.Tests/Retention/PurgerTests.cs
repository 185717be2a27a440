using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Retention;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Retention;

public sealed class PurgerTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    // What was done to no message stays.
    private static readonly string[] Tables =
        ["messages", "message_contents", "deliveries", "delivery_attempts", "check_backs", "operator_actions WHERE message_seq IS NOT NULL"];

    private TestNode node = null!;

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task RunAsync_OfARolledBackMessage_WaitsThreeDaysToTheMillisecond()
    {
        await StartAsync();
        var message = await node.PrepareAsync();
        node.Time.Advance(TimeSpan.FromHours(1));
        await node.DecideAsync(message.Id, Verdict.Rollback);
        await AddTracesAsync();
        node.Time.Advance(TimeSpan.FromDays(3));

        (await RunAsync()).RolledBack.Should().Be(0);
        node.Time.Advance(Instant);
        (await RunAsync()).RolledBack.Should().Be(1);

        await ShouldBeEmptyAsync();
        (await CounterAsync("rolledBack")).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_OfADeliveredMessage_WaitsSevenDaysFromItsLastDelivery()
    {
        await StartAsync();
        await node.SubscribeAsync();
        await FinishedAsync(state: 2);
        await node.ExecuteAsync($"UPDATE deliveries SET finished_at = {node.Now + 3_600_000}; INSERT INTO counters (shard, name, value) VALUES (0, 'delivered', 1);");
        await AddTracesAsync();
        node.Time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(1));

        (await RunAsync()).Committed.Should().Be(0);
        node.Time.Advance(Instant);
        (await RunAsync()).Committed.Should().Be(1);

        await ShouldBeEmptyAsync();
        (await CounterAsync("committed")).Should().Be(0);
        (await CounterAsync("delivered")).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_OfACommittedMessageNobodyReceives_WaitsSevenDays()
    {
        await StartAsync();
        await node.PrepareAsync(node.NewMessage(committed: true));
        node.Time.Advance(TimeSpan.FromDays(7));

        (await RunAsync()).Committed.Should().Be(0);
        node.Time.Advance(Instant);
        (await RunAsync()).Committed.Should().Be(1);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public async Task RunAsync_OfAMessageWithADeliveryInPlayOrDead_NeverPurges(int state)
    {
        await StartAsync();
        await node.SubscribeAsync();
        await FinishedAsync(state);
        node.Time.Advance(TimeSpan.FromDays(3650));

        (await RunAsync()).Should().Be(new PurgeCounts());
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task RunAsync_OfAnUndecidedMessage_NeverPurges(int state)
    {
        await StartAsync();
        await node.PrepareAsync();
        await node.ExecuteAsync($"UPDATE messages SET state = {state}");
        node.Time.Advance(TimeSpan.FromDays(3650));

        (await RunAsync()).Should().Be(new PurgeCounts());
        (await node.ReadAsync("SELECT COUNT(*) FROM message_contents")).Should().Be(1);
    }

    [Test]
    public async Task RunAsync_WithAnAgeForDeadLetters_GivesThemUpAfterIt()
    {
        await StartAsync(("TxMsg:Retention:DeadLetteredAfter", "10.00:00:00"), ("TxMsg:Retention:DeliveredAfter", "00:00:00"));
        await node.SubscribeAsync();
        await FinishedAsync(state: 3);
        node.Time.Advance(TimeSpan.FromDays(10));

        (await RunAsync()).DeadLettersDiscarded.Should().Be(0);
        node.Time.Advance(Instant);
        (await RunAsync()).Should().Be(new PurgeCounts { DeadLettersDiscarded = 1 });
        (await CounterAsync("discarded")).Should().Be(1);
        node.Time.Advance(Instant);
        (await RunAsync()).Should().Be(new PurgeCounts { Committed = 1 });
        (await CounterAsync("discarded")).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_OfADeletedSubscription_GivesUpWhatWaitedAndWhatWasDead()
    {
        await StartAsync();
        await node.SubscribeAsync("billing");
        await node.SubscribeAsync("stock");
        await node.PrepareAsync(node.NewMessage(committed: true));
        await node.ExecuteAsync("UPDATE deliveries SET state = 0");
        await node.Get<SubscriptionAdministration>().DeleteAsync("billing", "admin", null);

        (await RunAsync()).OrphansDiscarded.Should().Be(1);

        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries WHERE state = 4 AND subscription_id = 1")).Should().Be(1);
        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries WHERE state = 0 AND subscription_id = 2")).Should().Be(1);
    }

    [Test]
    public async Task RunAsync_OfMany_GoesOnPastABatchAndPastWhatIsKept()
    {
        await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 350).Select(_ => node.PrepareAsync(node.NewMessage(committed: true))));
        await Task.WhenAll(Enumerable.Range(0, 250).Select(async _ => await node.DecideAsync((await node.PrepareAsync()).Id, Verdict.Rollback)));
        // More than a batch at the beginning that must stay.
        await node.ExecuteAsync("UPDATE messages SET state = 0, decided_at = NULL WHERE seq <= 150");
        node.Time.Advance(TimeSpan.FromDays(8));
        var young = await node.PrepareAsync(node.NewMessage(committed: true));

        (await RunAsync()).Should().Be(new PurgeCounts { Committed = 200, RolledBack = 250 });

        (await node.ReadAsync("SELECT COUNT(*) FROM messages")).Should().Be(151);
        (await node.StateOfAsync(young.Id)).Should().Be(MessageState.Committed);
        (await CounterAsync("rolledBack")).Should().Be(0);
        (await CounterAsync("committed")).Should().Be(151);
    }

    [Test]
    public async Task RunAsync_WithMessagesFromWhenTheClockWasAhead_PurgesWhatCameAfterThem_AndThemWhenTheirTimeIsOver()
    {
        await StartAsync();
        // More than a batch, first and last in the order of the rows.
        await Task.WhenAll(Enumerable.Range(0, 450).Select(_ => node.PrepareAsync(node.NewMessage(committed: true))));
        var ahead = (long)TimeSpan.FromDays(30).TotalMilliseconds;
        await node.ExecuteAsync($"UPDATE messages SET prepared_at = prepared_at + {ahead}, decided_at = decided_at + {ahead} WHERE seq <= 150 OR seq > 300");
        node.Time.Advance(TimeSpan.FromDays(7) + Instant);

        (await RunAsync()).Committed.Should().Be(150);
        (await node.ReadAsync("SELECT COUNT(*) FROM messages WHERE seq <= 150 OR seq > 300")).Should().Be(300);

        node.Time.Advance(TimeSpan.FromDays(30));
        (await RunAsync()).Committed.Should().Be(300);
        (await CounterAsync("committed")).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_WhileAnotherRuns_DoesNothing()
    {
        await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => node.PrepareAsync(node.NewMessage(committed: true))));
        node.Time.Advance(TimeSpan.FromDays(8));

        var counts = await Task.WhenAll(Task.Run(RunAsync), Task.Run(RunAsync), Task.Run(RunAsync));

        counts.Sum(count => count.Committed).Should().Be(400);
        (await CounterAsync("committed")).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_WhenCancelled_Stops()
    {
        await StartAsync();
        await node.PrepareAsync(node.NewMessage(committed: true));
        node.Time.Advance(TimeSpan.FromDays(8));

        (await node.Get<Purger>().RunAsync(new CancellationToken(canceled: true))).Should().Be(new PurgeCounts());
    }

    private async Task StartAsync(params (string, string?)[] settings)
    {
        node = await TestNode.StartAsync(settings);
        await node.RegisterAsync();
        node.Outlets.Close();
    }

    private async Task FinishedAsync(int state)
    {
        await node.PrepareAsync(node.NewMessage(committed: true));
        await node.ExecuteAsync($"UPDATE deliveries SET state = {state}, finished_at = CASE WHEN {state} > 1 THEN {node.Now} END");
    }

    // A row wherever a message may leave one.
    private Task AddTracesAsync() => node.ExecuteAsync(
        """
        INSERT INTO delivery_attempts (delivery_id, attempt, at, endpoint, outcome, latency_ms) SELECT id, 1, 0, '', '', 0 FROM deliveries;
        INSERT INTO check_backs (message_seq, attempt, at, url, latency_ms, answer) SELECT seq, 1, 0, '', 0, '' FROM messages;
        INSERT INTO operator_actions (at, actor, action, message_seq) SELECT 0, '', '', seq FROM messages;
        """);

    private async Task ShouldBeEmptyAsync()
    {
        foreach (var table in Tables) (await node.ReadAsync($"SELECT COUNT(*) FROM {table}")).Should().Be(0, table);
    }

    private Task<PurgeCounts> RunAsync() => node.Get<Purger>().RunAsync(CancellationToken.None);

    private Task<long?> CounterAsync(string name) => node.ReadAsync($"SELECT SUM(value) FROM counters WHERE name = '{name}'");
}
