using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests;

/// <summary>What is counted as it finishes is what a count of the rows would say.</summary>
public sealed class CountersTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Counters_AfterWorkOnTwoNodes_EqualTheRows()
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic);
        await Node.SubscribeAsync(topic, ordered: true);
        Node[] nodes = [Node, await AddNodeAsync()];
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var message = Messages.New(producer, topic, orderingKey: $"{i % 3}", committed: i % 5 == 0);
            await nodes[i % 2].PrepareAsync(message, Time);
            if (i % 7 != 0) await nodes[i / 2 % 2].DecideAsync(message.Id, i % 3 == 0 ? Verdict.Rollback : Verdict.Commit, Time);
        }));
        var claimed = await Node.ClaimAsync(subscription, Time, 20);
        await Task.WhenAll(claimed.Select((delivery, i) => nodes[i % 2].FinishAsync(delivery, i % 4 == 0 ? DeliveryEvent.DeadLetter : DeliveryEvent.Acknowledge, Time)));
        await Node.Committer.WriteAsync(new DeadLetterOperation(subscription.Id, DeadLetterAction.Discard, Time.GetUtcNow()) { Actor = "test", MessageIds = [claimed[0].MessageId] });
        await AssertCountersAsync(nodes[0], producer.Id, subscription.Id);
    }

    private static async Task AssertCountersAsync(Node node, long producerId, long subscriptionId)
    {
        var stats = await node.Get<StatsReader>().ReadAsync(CancellationToken.None);
        var messages = await node.Database.ReadAsync(connection => connection.QueryAsync<MessageRow>(
            "ListMessages",
            new { state = (int?)null, producerId, topic = (string?)null, tag = (string?)null, from = 0L, to = long.MaxValue, beforeTime = long.MaxValue, beforeSeq = long.MaxValue, untilTime = -1L, untilSeq = 0L, limit = 1000 }));
        var deliveries = new List<DeliveryOfMessageRow>();
        foreach (var message in messages) deliveries.AddRange(await node.DeliveriesOfAsync(message.MessageId));
        long Finished(string name) => stats.Finished.GetValueOrDefault(name);
        Finished("committed").Should().Be(messages.Count(message => message.MessageState == MessageState.Committed)).And.BePositive();
        Finished("rolledBack").Should().Be(messages.Count(message => message.MessageState == MessageState.RolledBack)).And.BePositive();
        Finished("delivered").Should().Be(deliveries.Count(row => row.DeliveryState == DeliveryState.Delivered)).And.BePositive();
        Finished("discarded").Should().Be(deliveries.Count(row => row.DeliveryState == DeliveryState.Discarded)).And.BePositive();
        stats.Undecided.Prepared.Should().Be(messages.Count(message => message.MessageState == MessageState.Prepared)).And.BePositive();
        var backlog = stats.Subscriptions.Single(sample => sample.Subscription.Id == subscriptionId).Counts;
        var own = deliveries.Where(row => row.Subscription == node.Registry.Current.FindSubscription(subscriptionId)!.Name).ToArray();
        backlog.DeadLettered.Should().Be(own.Count(row => row.DeliveryState == DeliveryState.DeadLettered)).And.BePositive();
        backlog.Pending.Should().Be(own.Count(row => row.DeliveryState == DeliveryState.Pending));
        backlog.Leased.Should().Be(own.Count(row => row.DeliveryState == DeliveryState.Leased));
    }
}
