using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Tests.Coordinator;

/// <summary>The SDK and the real coordinator, which asks for keys: a producer's is enough.</summary>
public sealed class When_nodes_are_discovered(StoreKind store) : KeyedCoordinatorFixture(store)
{
    [Test]
    public async Task WhatTheNodeAnnounces_IsCalled_WithAProducersKey()
    {
        var shop = await RegisterProducerAsync();
        var key = (await Api.PostAsync($"/v1/producers/{shop.Name}/keys")).Expect(201).Text("key");
        // by a name that the node does not announce
        var configured = new Uri($"http://localhost:{Coordinator.Address.Port}/");
        var options = new CoordinatorOptions { Addresses = [configured], ApiKey = key, DiscoverNodes = true, NodeRefreshInterval = TimeSpan.FromSeconds(1) };
        using var client = new CoordinatorClient(options, TimeProvider.System);

        await Eventually.HoldsAsync(async () =>
        {
            await client.SendAsync(shop.Name, Message.Json("orders", new { order = 17 }));
            var known = await client.ProbeAsync();
            known.Should().Equal([new(Coordinator.Address, null), new(configured, null)], "the announced one comes first, the configured one stays");
        });
    }
}
