using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.DeadLetters;

public sealed class DeadLetterServiceTests
{
    private TestNode node = null!;
    private Subscription subscription = null!;
    private IReadOnlyList<Guid> dead = [];

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        subscription = await node.SubscribeAsync();
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task ApplyAsync_RedeliverAll_GoesPastOneTransaction()
    {
        await BuryAsync(450);

        (await ApplyAsync(DeadLetterAction.Redeliver)).Should().Be(450);

        (await node.ReadAsync($"SELECT COUNT(*) FROM deliveries WHERE state = 0 AND due_at = {node.Now} AND schedule_start = 17 AND attempts = 17 AND finished_at IS NULL")).Should().Be(450);
        (await node.ReadAsync("SELECT COUNT(*) FROM operator_actions WHERE action = 'redeliver' AND actor = 'admin' AND reason = 'why'")).Should().Be(450);
    }

    [Test]
    public async Task ApplyAsync_RedeliverAll_WhenEachIsRejectedAgainAtOnce_TouchesEachOnce()
    {
        await BuryAsync(450);
        // As if the consumer's 422 had been recorded before the next transaction. (The count is not looked at: a trigger's changes are counted, too.)
        await node.ExecuteAsync($"CREATE TRIGGER rejected AFTER UPDATE ON deliveries WHEN OLD.state = 3 AND NEW.state = 0 BEGIN UPDATE deliveries SET state = 3, finished_at = {node.Now} WHERE id = NEW.id; END;");
        using var endless = new CancellationTokenSource();
        var transactions = 0;
        node.Break.OnApply = () =>
        {
            if (++transactions > 3) endless.Cancel();
        };

        await node.Get<DeadLetterService>().ApplyAsync(subscription, DeadLetterAction.Redeliver, null, "admin", "why", endless.Token);

        (await node.ReadAsync("SELECT COUNT(*) FROM operator_actions WHERE action = 'redeliver'")).Should().Be(450);
        (await node.ReadAsync("SELECT COUNT(DISTINCT message_seq) FROM operator_actions WHERE action = 'redeliver'")).Should().Be(450);
    }

    [Test]
    public async Task ApplyAsync_DiscardAll_CountsThem()
    {
        await BuryAsync(5);

        (await ApplyAsync(DeadLetterAction.Discard)).Should().Be(5);
        (await ApplyAsync(DeadLetterAction.Discard)).Should().Be(0);

        (await node.ReadAsync("SELECT value FROM counters WHERE name = 'discarded'")).Should().Be(5);
    }

    [Test]
    public async Task ApplyAsync_OfSome_TouchesThoseOnly()
    {
        await BuryAsync(5);

        (await ApplyAsync(DeadLetterAction.Redeliver, dead[1], dead[3], dead[1], Guid.NewGuid())).Should().Be(2);

        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries WHERE state = 3")).Should().Be(3);
    }

    [Test]
    public async Task ApplyAsync_OfDeliveriesThatAreNotDead_TouchesNone()
    {
        var way = await node.CommitUnsentAsync();

        (await ApplyAsync(DeadLetterAction.Discard, way.Leased!.MessageId)).Should().Be(0);
        (await ApplyAsync(DeadLetterAction.Redeliver)).Should().Be(0);
        (await node.StateOfDeliveryAsync(way.Leased!.Id)).Should().Be(1);
    }

    [Test]
    public async Task ApplyAsync_OfAnotherSubscription_TouchesNone()
    {
        await BuryAsync(2);
        var other = await node.SubscribeAsync("other", topic: "elsewhere");

        (await node.Get<DeadLetterService>().ApplyAsync(other, DeadLetterAction.Discard, dead, "admin", null, CancellationToken.None)).Should().Be(0);
    }

    [Test]
    public async Task ApplyAsync_AtOnceFromTwoPeople_TouchesEachOnce()
    {
        await BuryAsync(300);

        var counts = await Task.WhenAll(ApplyAsync(DeadLetterAction.Redeliver), ApplyAsync(DeadLetterAction.Discard));

        counts.Sum().Should().Be(300);
    }

    [Test]
    public async Task ListAsync_PageByPage_GivesEachOnceOldestFirst()
    {
        await BuryAsync(5);
        var service = node.Get<DeadLetterService>();
        var found = new List<Guid>();
        string? cursor = null;
        do
        {
            Server.Transactions.MessageCursor.TryParse(cursor ?? "", out var place);
            var page = await service.ListAsync(subscription, DeadLetterFilter.None, cursor is null ? 0 : place.Seq, 2, CancellationToken.None);
            found.AddRange(page.Items.Select(item => item.MessageId));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        found.Should().Equal(dead);
    }

    private async Task BuryAsync(int count)
    {
        dead = await node.CommitPendingAsync(count);
        await node.ExecuteAsync($"UPDATE deliveries SET state = 3, attempts = 17, finished_at = {node.Now}");
    }

    private Task<long> ApplyAsync(DeadLetterAction action, params Guid[] ids) =>
        node.Get<DeadLetterService>().ApplyAsync(subscription, action, ids.Length == 0 ? null : ids, "admin", "why", CancellationToken.None);
}
