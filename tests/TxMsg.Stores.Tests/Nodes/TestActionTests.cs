using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.Nodes;

/// <summary>Whoever tries an endpoint by hand is remembered, whatever came of it.</summary>
public sealed class TestActionTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Tests_LeaveWhoSentThemAndWhy()
    {
        var producer = await Node.RegisterProducerAsync();
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));

        // Nobody listens there.
        (await Node.Get<TestCheckBack>().SendAsync(producer, "admin:north", "new address", CancellationToken.None)).Sent.Should().BeFalse();
        (await Node.Get<TestDelivery>().SendAsync(subscription, "loopback", null, CancellationToken.None)).Sent.Should().BeFalse();

        var actions = await ListAsync();
        actions.Select(action => (action.Actor, action.Action, action.ProducerId, action.SubscriptionId, action.Reason)).Should().Equal(
            ("admin:north", "testCheckBack", producer.Id, null, "new address"),
            ("loopback", "testDelivery", null, subscription.Id, null));
        actions.Should().OnlyContain(action => action.At == Time.Milliseconds);
    }

    private async Task<IReadOnlyList<ActionRow>> ListAsync()
    {
        await using var connection = await Node.Database.OpenConnectionAsync(CancellationToken.None);
        var rows = await Dapper.SqlMapper.QueryAsync<ActionRow>(
            connection, "SELECT at AS At, actor AS Actor, action AS Action, subscription_id AS SubscriptionId, producer_id AS ProducerId, reason AS Reason FROM operator_actions ORDER BY id");
        return rows.ToArray();
    }

    private sealed class ActionRow
    {
        public long At { get; init; }

        public string Actor { get; init; } = "";

        public string Action { get; init; } = "";

        public long? SubscriptionId { get; init; }

        public long? ProducerId { get; init; }

        public string? Reason { get; init; }
    }
}
