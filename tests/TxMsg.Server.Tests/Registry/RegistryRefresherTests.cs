using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Registry;

public sealed class RegistryRefresherTests
{
    [Test]
    public async Task When_another_node_changes_the_registry_this_one_learns_of_it_also_after_its_store_was_away()
    {
        await using var node = await TestNode.StartAsync();
        var cache = node.Get<RegistryCache>();
        using var refresher = new RegistryRefresher(cache, node.Time, NullLogger<RegistryRefresher>.Instance);
        await refresher.StartAsync(CancellationToken.None);
        await node.ExecuteAsync("ALTER TABLE registry RENAME TO away");
        for (var i = 0; i < 4; i++) await TickAsync(node);

        await node.ExecuteAsync("ALTER TABLE away RENAME TO registry; UPDATE registry SET version = 4711");

        for (var i = 0; i < 1000 && cache.Current.Version != 4711; i++) await TickAsync(node);
        cache.Current.Version.Should().Be(4711);
        await refresher.StopAsync(CancellationToken.None);
    }

    private static async Task TickAsync(TestNode node)
    {
        node.Time.Advance(TimeSpan.FromSeconds(1));
        await Task.Delay(5);
    }
}
