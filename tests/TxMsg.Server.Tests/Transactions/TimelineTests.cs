using FluentAssertions;
using NUnit.Framework;
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
}
