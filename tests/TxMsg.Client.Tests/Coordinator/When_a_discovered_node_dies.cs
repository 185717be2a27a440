using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Tests.Coordinator;

/// <summary>The SDK is told of one of two nodes.</summary>
[NonParallelizable]
public sealed class When_a_discovered_node_dies
{
    [Test]
    public async Task CallsGoToTheOther_AndComeBackWithANewOne()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var cluster = await Cluster.StartAsync(2, Settings.ForTests.With("TxMsg:Nodes:HeartbeatInterval", "00:00:01"));
        var shop = await cluster.RegisterProducerAsync(receiver);
        var (told, found) = (cluster.Nodes[0], cluster.Nodes[1]);
        var options = new CoordinatorOptions { Addresses = [told.Address], DiscoverNodes = true, NodeRefreshInterval = TimeSpan.FromSeconds(1) };
        using var client = new CoordinatorClient(options, TimeProvider.System);
        await Eventually.HoldsAsync(async () =>
        {
            await SendAsync();
            (await client.ProbeAsync()).Select(node => node.Key).Should().BeEquivalentTo([told.Address, found.Address]);
        });

        await told.KillAsync();
        for (var call = 0; call < 20; call++) await SendAsync();
        await told.StartAsync();
        await found.KillAsync();
        for (var call = 0; call < 20; call++) await SendAsync();

        Task SendAsync() => client.SendAsync(shop.Name, Message.Json("orders", new { order = 17 }));
    }
}
