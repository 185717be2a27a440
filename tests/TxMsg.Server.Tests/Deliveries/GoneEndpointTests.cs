using FluentAssertions;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Deliveries;

/// <summary>What an answer of 410 does to the subscription that was sent to, and to no other.</summary>
public sealed class GoneEndpointTests
{
    private const long DeadLettered = 3;

    private TestNode node = null!;
    private Inbox inbox = null!;

    private SubscriptionState State => node.Get<RegistryCache>().Current.FindSubscription("billing")!.State;

    [SetUp]
    public async Task StartAsync()
    {
        inbox = await Inbox.OpenAsync();
        inbox.Status = 410;
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync(endpoint: inbox.Url);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await node.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task WorkAsync_WhenTheSubscriptionPointsElsewhereMeanwhile_DeadLettersAndPausesNothing()
    {
        inbox.Before = _ => node.SubscribeAsync(endpoint: new Uri(inbox.Url, "/moved"));

        await ShouldBuryAsync();
        await ShouldNotBePausedAsync();
    }

    [Test]
    public async Task WorkAsync_WhenAnotherSubscriptionHasTheNameMeanwhile_PausesNothing()
    {
        inbox.Before = async _ =>
        {
            await node.Get<SubscriptionAdministration>().DeleteAsync("billing", "admin", null);
            await node.SubscribeAsync(endpoint: inbox.Url);
        };

        await ShouldBuryAsync();
        await ShouldNotBePausedAsync();
    }

    [Test]
    public async Task WorkAsync_WhenSomethingElseChangedMeanwhile_Pauses()
    {
        inbox.Before = _ => node.SubscribeAsync(endpoint: inbox.Url, schedule: [1]);

        await ShouldBuryAsync();
        State.Should().Be(SubscriptionState.Paused);
    }

    [Test]
    public async Task WorkAsync_WhenThePauseFails_DeadLettersAllTheSameAndTheNextOnePauses()
    {
        using var log = new KeptLog();
        node.Get<ILoggerFactory>().AddProvider(log);
        await node.ExecuteAsync("CREATE TRIGGER refused BEFORE UPDATE ON subscriptions BEGIN SELECT RAISE(ABORT, 'refused'); END;");

        await ShouldBuryAsync();
        inbox.Requests.Should().ContainSingle("it is not sent again");
        await ShouldNotBePausedAsync();
        log.Entries.Should().ContainSingle(entry => entry.Contains("could not be paused") && entry.Contains("billing"));

        await node.ExecuteAsync("DROP TRIGGER refused");
        await ShouldBuryAsync();
        State.Should().Be(SubscriptionState.Paused);
    }

    private async Task ShouldBuryAsync()
    {
        var way = await node.CommitUnsentAsync();
        node.Outlets.Track(way.Leased!);
        await node.Get<DeliveryWorker>().WorkAsync(way.Outlet!, way.Leased!);
        await Eventually.HoldsAsync(async () =>
        {
            (await node.StateOfDeliveryAsync(way.Leased!.Id)).Should().Be(DeadLettered);
            node.Outlets.Held.Should().Be(0);
        });
    }

    private async Task ShouldNotBePausedAsync()
    {
        State.Should().Be(SubscriptionState.Active);
        (await node.ReadAsync("SELECT COUNT(*) FROM operator_actions WHERE action = 'pauseSubscription'")).Should().Be(0);
    }
}
