using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class OrderingLaneTests
{
    private TestNode node = null!;
    private Subscription subscription = null!;

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        subscription = await node.SubscribeAsync(ordered: true);
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task When_a_dead_letter_is_redelivered_while_its_lanes_head_is_leased()
    {
        var first = await HeadAsync();
        await FinishAsync(first, DeliveryEvent.DeadLetter);
        var second = await HeadAsync();
        await node.CommitUnsentAsync("c");

        await RedeliverAsync();

        (await DueAsync()).Should().BeEmpty("the head is under way");
        await FinishAsync(second, DeliveryEvent.Acknowledge);
        (await DueAsync()).Should().Equal([first.Id], "the older one goes before what came later");
        await FinishAsync(await ClaimAsync(), DeliveryEvent.Acknowledge);
        (await DueAsync()).Should().Equal(3);
    }

    [Test]
    public async Task When_a_head_is_retried_the_others_wait()
    {
        var head = await HeadAsync();
        await node.CommitUnsentAsync("c");
        await FinishAsync(head, DeliveryEvent.Retry, retryInMs: 5_000);

        (await DueAsync()).Should().BeEmpty();
        node.Time.Advance(TimeSpan.FromSeconds(5));
        (await DueAsync()).Should().Equal(head.Id);
    }

    [Test]
    public async Task When_a_heads_lease_expires_its_result_moves_nothing()
    {
        var head = await HeadAsync();
        await node.CommitUnsentAsync("c");
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None);
        var again = await ClaimAsync();

        // The first holder comes back to life.
        await FinishAsync(head, DeliveryEvent.Acknowledge);
        (await DueAsync()).Should().BeEmpty();
        (await node.ReadAsync("SELECT head_delivery_id FROM ordering_lanes")).Should().Be(head.Id);

        await FinishAsync(again, DeliveryEvent.Acknowledge);
        (await DueAsync()).Should().Equal(2);
    }

    [Test]
    public async Task When_the_last_of_a_lane_is_finished_the_lane_goes()
    {
        var head = await HeadAsync();
        await FinishAsync(head, DeliveryEvent.Acknowledge);

        (await node.ReadAsync("SELECT COUNT(*) FROM ordering_lanes")).Should().Be(0);
    }

    [Test]
    public async Task When_all_dead_letters_are_redelivered_they_go_in_their_order()
    {
        for (var i = 0; i < 3; i++) await FinishAsync(await HeadAsync(), DeliveryEvent.DeadLetter);

        await RedeliverAsync();

        for (var id = 1; id <= 3; id++)
        {
            (await DueAsync()).Should().Equal(id);
            await FinishAsync(await ClaimAsync(), DeliveryEvent.Acknowledge);
        }
    }

    [Test]
    public async Task When_messages_have_other_keys_or_none_nobody_waits()
    {
        (await node.CommitUnsentAsync("a")).Leased.Should().NotBeNull();
        (await node.CommitUnsentAsync("b")).Leased.Should().NotBeNull();
        (await node.CommitUnsentAsync("a ")).Leased.Should().NotBeNull();
        (await node.CommitUnsentAsync()).Leased.Should().NotBeNull();
        (await node.CommitUnsentAsync("a")).Leased.Should().BeNull();
    }

    private async Task<LeasedDelivery> HeadAsync() => (await node.CommitUnsentAsync("c")).Leased!;

    private async Task FinishAsync(LeasedDelivery delivery, DeliveryEvent @event, long retryInMs = 0)
    {
        var status = @event == DeliveryEvent.Acknowledge ? 200 : 500;
        await node.Committer.WriteAsync(new DeliveryResult(delivery, @event)
        {
            DueAt = node.Now + retryInMs,
            Attempt = new DeliveryAttempt(delivery.Attempts + 1, node.Now, "http://127.0.0.1:9/", "refused", status, 5, null),
        });
    }

    private Task<long> RedeliverAsync() =>
        node.Get<DeadLetterService>().ApplyAsync(subscription, DeadLetterAction.Redeliver, null, "admin", null, CancellationToken.None);

    private async Task<IReadOnlyList<long>> DueAsync()
    {
        var due = new List<long>();
        foreach (var id in Enumerable.Range(1, 10))
            if (await node.ReadAsync($"SELECT id FROM deliveries WHERE id = {id} AND state = 0 AND due_at <= {node.Now}") is { } found) due.Add(found);
        return due;
    }

    private async Task<LeasedDelivery> ClaimAsync()
    {
        var claim = new ClaimOperation(subscription.Id, 10, node.Now, node.Now + 60_000, LeaseToken.New());
        (await node.Committer.WriteAsync(claim)).Should().Be(1);
        var rows = await node.Database.ReadAsync(connection => connection.QueryAsync<ClaimedRow>("ListClaimedDeliveries", new { leasedUntil = claim.LeasedUntil, token = claim.Token }));
        return rows.Single().ToLeased(claim);
    }
}
