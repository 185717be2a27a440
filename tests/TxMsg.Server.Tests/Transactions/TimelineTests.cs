using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class TimelineTests
{
    [Test]
    public async Task ReadAsync_OfALongHistory_HasTheNewestOfEachKind_InOrder()
    {
        const int all = TimelineReader.MostOfAKind + 5;
        await using var node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync();
        var delivery = (await node.CommitUnsentAsync()).Leased!;
        await node.ExecuteAsync(
            $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {all})
            INSERT INTO check_backs (message_seq, attempt, at, url, latency_ms, answer) SELECT 1, i, {node.Now} + i, 'http://127.0.0.1/', 1, 'unknown' FROM n;
            INSERT INTO delivery_attempts (delivery_id, attempt, at, endpoint, outcome, latency_ms)
            SELECT {delivery.Id}, attempt, at, url, 'refused', 1 FROM check_backs;
            INSERT INTO operator_actions (at, actor, action, message_seq, reason) SELECT at, 'admin', 'checkBack', 1, attempt FROM check_backs;
            """);
        var row = (await node.Get<MessageReader>().FindRowAsync(delivery.MessageId, CancellationToken.None))!;

        var timeline = (await node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None)).Events;

        timeline.Select(entry => entry.At).Should().BeInAscendingOrder();
        timeline.Select(entry => entry.Kind).Should().Contain(["prepared", "committed"]);
        var newest = Enumerable.Range(6, TimelineReader.MostOfAKind);
        timeline.Where(entry => entry.Kind == "checkBack").Select(entry => entry.Attempt!.Value).Should().Equal(newest);
        timeline.Where(entry => entry.Kind == "deliveryAttempt").Select(entry => entry.Attempt!.Value).Should().Equal(newest);
        timeline.Where(entry => entry.Kind == "operatorAction").Select(entry => entry.Reason).Should().Equal(newest.Select(number => $"{number}"));
    }

    [Test]
    public async Task ReadAsync_OfSuccesses_HasTheEndpointThatEachWasSentTo_WhereverTheSubscriptionPointsByNow()
    {
        await using var node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync(endpoint: new Uri("http://127.0.0.1:9/first"));
        var way = await node.CommitUnsentAsync();
        var id = way.Leased!.MessageId;
        await DeliverAsync(node, attempt: 1);
        await node.SubscribeAsync(endpoint: new Uri("http://127.0.0.1:9/first"), maxConcurrency: 2);
        await node.SubscribeAsync(endpoint: new Uri("http://127.0.0.1:9/second"));
        (await UrlsAsync(node, id)).Should().Equal("http://127.0.0.1:9/first");

        (await node.Committer.WriteAsync(new RedeliveryOperation(id, way.Subscription.Id, node.Time.GetUtcNow()) { Actor = "admin" })).IsDone.Should().BeTrue();
        await DeliverAsync(node, attempt: 2);
        (await UrlsAsync(node, id)).Should().Equal("http://127.0.0.1:9/first", "http://127.0.0.1:9/second");

        await node.SubscribeAsync(endpoint: new Uri("http://127.0.0.1:9/third"), topic: "moved");
        (await UrlsAsync(node, id)).Should().Equal("http://127.0.0.1:9/first", "http://127.0.0.1:9/second");
    }

    private static async Task DeliverAsync(TestNode node, int attempt)
    {
        node.Time.Advance(TimeSpan.FromSeconds(1));
        await node.ExecuteAsync($"UPDATE deliveries SET state = 2, attempts = {attempt}, last_status = 200, last_latency_ms = 1, last_attempt_at = {node.Now}, finished_at = {node.Now} + 1");
        node.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private static async Task<IEnumerable<string?>> UrlsAsync(TestNode node, Guid id)
    {
        var row = (await node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))!;
        var timeline = await node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None);
        return timeline.Events.Where(entry => entry.Kind == "deliveryAttempt").Select(entry => entry.Url);
    }
}
