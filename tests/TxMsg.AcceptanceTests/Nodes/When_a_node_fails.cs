using System.Diagnostics;

namespace TxMsg.AcceptanceTests.Nodes;

/// <summary>The other node does its work, and only what was under way is sent again.</summary>
public sealed class When_a_node_fails : ClusterTests
{
    private const int Concurrency = 8;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    // an answer that arrived so shortly before may not have been stored yet
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(1);

    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:Deliveries:Timeout", "00:00:02")
        .With("TxMsg:Deliveries:Lease", Lease.ToString("c"));

    [Test]
    public async Task Killed_ItsWorkIsTakenOver_WithinALeaseAndASweep()
    {
        var (shop, billing, ids) = await BeginAsync();
        await SomeAreDeliveredAsync(billing);
        await Nodes[0].KillAsync();
        var (killedAt, clock) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());

        await billing.Inbox.WaitForAllAsync(ids);

        // what it held is released together; from then on the other one sends as fast as the consumer takes it
        var takenOver = billing.Inbox.Received.First(request => request.At > killedAt).At - killedAt;
        takenOver.Should().BeLessThan(Lease + Sweep + TimeSpan.FromSeconds(2));
        clock.Elapsed.Should().BeLessThan(Lease + Sweep + TimeSpan.FromSeconds(15));
        OnlyWhatWasUnderWayIsRepeated(billing, killedAt);
        (await Nodes[1].Api.MessageAsync(ids[0])).Expect(200);
        await ASecondRoundGoesOnceAsync(shop, billing, Nodes[1]);
    }

    [Test]
    public async Task Suspended_ItIsFenced_WhenItGoesOn()
    {
        var (shop, billing, ids) = await BeginAsync();
        var undecided = await shop.PrepareAsync(billing.Topic);
        await SomeAreDeliveredAsync(billing);
        Nodes[0].Suspend();
        var suspendedAt = DateTimeOffset.UtcNow;

        await billing.Inbox.WaitForAllAsync(ids);
        (await Nodes[1].Api.CommitAsync(undecided)).Expect(200);
        await billing.Inbox.WaitForAsync(undecided);
        foreach (var id in ids.Append(undecided)) await IsDeliveredAsync(Nodes[1], id);
        var before = billing.Inbox.Received.Count;
        Nodes[0].Resume();

        // it serves again, and refuses what was decided meanwhile
        (await Nodes[0].Api.RollbackAsync(undecided)).Expect(409);
        await ASecondRoundGoesOnceAsync(shop, billing, Nodes[0]);
        billing.Inbox.Received.Skip(before).Where(request => ids.Contains(request.MessageId)).Should()
            .HaveCountLessThanOrEqualTo(Concurrency, "beyond the attempts that were beginning it sends nothing that it held");
        OnlyWhatWasUnderWayIsRepeated(billing, suspendedAt);
        foreach (var id in ids) (await Nodes[1].Api.MessageAsync(id)).Delivery(billing.Subscription).Text("state").Should().Be("delivered");
    }

    [Test]
    public async Task RestartedOneAfterTheOther_NothingIsLostOrSentTwice()
    {
        var shop = await StartAsync(2);
        var billing = await Cluster.SubscribeAsync(Receiver, TimeSpan.FromMilliseconds(5), Concurrency);
        await using var load = new FailOverLoad(shop, billing.Topic, Nodes);

        foreach (var node in Nodes)
        {
            await load.MoreAsync(100);
            (await node.StopAsync()).Should().Be(0);
            await load.MoreAsync(100);
            await node.StartAsync();
        }

        await load.MoreAsync(100);
        await load.EndAsync();

        await billing.Inbox.WaitForAllAsync(load.Committed);
        billing.Inbox.Received.Select(request => request.MessageId).Should().BeEquivalentTo(load.Committed, "none is lost, none invented, none sent twice");
    }

    // A backlog that the first node holds leases on, and is busy with.
    private async Task<(Producer Shop, Consumer Billing, IReadOnlyList<string> Ids)> BeginAsync()
    {
        var shop = await StartAsync(2);
        var billing = await Cluster.SubscribeAsync(Receiver, TimeSpan.FromMilliseconds(200), Concurrency);
        return (shop, billing, await SendAsync(shop, Nodes[0], billing.Topic, 200));
    }

    private static Task SomeAreDeliveredAsync(Consumer consumer) =>
        Eventually.HoldsAsync(() => consumer.Inbox.Received.Should().HaveCountGreaterThan(3 * Concurrency));

    private static Task IsDeliveredAsync(Coordinator node, string id) => Eventually.ReadAsync(
        () => node.Api.MessageAsync(id), message => message.List("deliveries").All(delivery => delivery.Text("state") == "delivered"), $"{id} to be delivered");

    private static void OnlyWhatWasUnderWayIsRepeated(Consumer consumer, DateTimeOffset failedAt)
    {
        var repeated = Repeated(consumer);
        TestContext.Out.WriteLine($"{repeated.Count} of {consumer.Inbox.Received.Count} were sent again.");
        repeated.Should().AllSatisfy(group =>
        {
            group.Should().HaveCount(2);
            group.Min(request => request.At).Should().BeAfter(failedAt - UnderWay, "its answer was stored long before");
        });
        repeated.Count.Should().BeLessThanOrEqualTo(4 * Concurrency);
    }

    private static async Task ASecondRoundGoesOnceAsync(Producer producer, Consumer consumer, Coordinator node)
    {
        var before = Repeated(consumer).Select(group => group.Key).ToArray();
        var more = await SendAsync(producer, node, consumer.Topic, 20);
        await consumer.Inbox.WaitForAllAsync(more);
        Repeated(consumer).Select(group => group.Key).Should().NotContain(more).And.HaveCountLessThanOrEqualTo(before.Length + Concurrency);
    }
}
