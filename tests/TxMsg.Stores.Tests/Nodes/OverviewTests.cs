using TxMsg.Server.Observability;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.Nodes;

/// <summary>All that the overview shows, of a store of its own.</summary>
public sealed class OverviewTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Overview_HasWhatIsThere()
    {
        var producer = await Node.RegisterProducerAsync();
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        var oldest = Messages.New(producer, subscription.Topic);
        await Node.PrepareAsync(oldest, Time);
        Time.Advance(TimeSpan.FromSeconds(30));
        await Node.PrepareAsync(Messages.New(producer, subscription.Topic), Time);
        await Node.CommitAsync(Time, Messages.New(producer, subscription.Topic));

        var overview = await Node.Get<OverviewReader>().ReadAsync(CancellationToken.None);

        overview.OldestHalfMessage.Should().NotBeNull();
        (overview.OldestHalfMessage!.Id, overview.OldestHalfMessage.Producer, overview.OldestHalfMessage.Topic).Should().Be((oldest.Id, producer.Name, subscription.Topic));
        overview.OldestHalfMessage.PreparedAt.Should().Be(Time.GetUtcNow().AddSeconds(-30));
        overview.Stats.Messages["prepared"].Should().Be(2);
        overview.Stats.Subscriptions.Single().Pending.Should().Be(1);
        overview.Alerts.Should().BeEmpty();
        overview.At.Should().Be(Time.GetUtcNow());
        (await Node.Get<OverviewReader>().ReadAsync(CancellationToken.None)).Should().BeSameAs(overview, "who asks soon after gets the same");
    }
}
