using TxMsg.Server.Audit;
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

        var entries = (await Node.Get<AuditReader>().ListAsync(new AuditQuery(), CancellationToken.None)).Items.Where(entry => entry.Action.StartsWith("test", StringComparison.Ordinal));
        entries.Select(entry => (entry.Actor, entry.Action, entry.Producer, entry.Subscription, entry.Reason)).Should().BeEquivalentTo<(string, string, string?, string?, string?)>([
            ("admin:north", AuditActions.TestCheckBack, producer.Name, null, "new address"),
            ("loopback", AuditActions.TestDelivery, null, subscription.Name, null),
        ]);
    }
}
