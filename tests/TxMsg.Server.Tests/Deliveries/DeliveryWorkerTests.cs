using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class DeliveryWorkerTests
{
    private const long Pending = 0, Leased = 1, Delivered = 2, DeadLettered = 3;

    private TestNode node = null!;
    private Inbox inbox = null!;

    private DeliveryWorker Worker => node.Get<DeliveryWorker>();

    [SetUp]
    public async Task StartAsync()
    {
        inbox = await Inbox.OpenAsync();
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        await node.SubscribeAsync(endpoint: inbox.Url, schedule: [10, 20]);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await node.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task WorkAsync_WhenTheConsumerAcknowledges_RecordsIt()
    {
        var delivery = await WorkAsync();

        await EventuallyAsync(delivery, Delivered);
        (await node.ReadAsync("SELECT COUNT(*) FROM delivery_attempts")).Should().Be(0, "a first success costs no row of its own");
        ShouldHoldNothing();
    }

    [Test]
    public async Task WorkAsync_OnceItIsSent_HoldsNoContent()
    {
        var way = await node.CommitUnsentAsync();
        node.Break.OnApply = static () => throw new SqliteException("The disk is full.", 13);

        await WorkAsync(way);

        way.Leased!.Content.Should().BeNull("its outcome may wait for a long time");
        node.Break.OnApply = static () => { };
        await EventuallyAsync(way.Leased, Delivered);
        inbox.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task WorkAsync_WhenTheConsumerFails_IsDueByTheScheduleAndKeepsTheAttempt()
    {
        inbox.Status = 500;
        var delivery = await WorkAsync();

        await EventuallyAsync(delivery, Pending);
        (await node.ReadAsync("SELECT due_at FROM deliveries") - node.Now).Should().BeInRange(9_000, 11_000);
        (await node.ReadAsync("SELECT COUNT(*) FROM delivery_attempts WHERE attempt = 1 AND status = 500 AND outcome = 'refused'")).Should().Be(1);
        ShouldHoldNothing();
    }

    [Test]
    public async Task WorkAsync_AfterTheLastRetry_IsADeadLetter()
    {
        inbox.Status = 500;
        await node.ExecuteAsync("CREATE TRIGGER tried AFTER INSERT ON deliveries BEGIN UPDATE deliveries SET attempts = 7, schedule_start = 5 WHERE id = NEW.id; END;");
        var way = await node.CommitUnsentAsync();
        way.Outlet!.GiveBack(way.Leased!);
        await node.ExecuteAsync($"UPDATE deliveries SET state = 0, due_at = {node.Now}");
        await node.Get<DeliveryDispatcher>().RunOnceAsync(CancellationToken.None);

        // The eighth in all, and the third since it was redelivered.
        await EventuallyAsync(way.Leased!, DeadLettered);
        (await node.ReadAsync("SELECT attempts FROM deliveries")).Should().Be(8);
    }

    [Test]
    public async Task WorkAsync_WhenTheEndpointIsGone_DeadLettersAndPauses()
    {
        inbox.Status = 410;
        var delivery = await WorkAsync();

        await EventuallyAsync(delivery, DeadLettered);
        node.Get<RegistryCache>().Current.FindSubscription("billing")!.State.Should().Be(SubscriptionState.Paused);
        (await node.ReadAsync($"SELECT COUNT(*) FROM operator_actions WHERE action = 'pauseSubscription' AND actor = 'txmsg' AND subscription_id = 1 AND reason LIKE '%410%' AND detail = 'messageId: {delivery.MessageId}'"))
            .Should().Be(1);
    }

    [Test]
    public async Task WorkAsync_WithAnExpiredLease_SendsNothing()
    {
        var way = await node.CommitUnsentAsync();
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await WorkAsync(way);

        inbox.Requests.Should().BeEmpty();
        (await node.StateOfDeliveryAsync(way.Leased!.Id)).Should().Be(Leased, "the sweep takes it back");
        ShouldHoldNothing();
    }

    [Test]
    public async Task WorkAsync_WithALeaseThatIsNotTracked_SendsNothing()
    {
        var way = await node.CommitUnsentAsync();
        await Worker.WorkAsync(way.Outlet!, way.Leased!);

        inbox.Requests.Should().BeEmpty();
        ShouldHoldNothing();
    }

    [Test]
    public async Task WorkAsync_WhenThePausedCameFirst_Releases()
    {
        var way = await node.CommitUnsentAsync();
        await node.Get<SubscriptionPauser>().PauseAsync("billing", "admin", null);
        await ShouldReleaseAsync(way, node.Now);
    }

    [Test]
    public async Task WorkAsync_WhenTheSubscriptionIsDeleted_Releases()
    {
        var way = await node.CommitUnsentAsync();
        await node.Get<SubscriptionAdministration>().DeleteAsync("billing", "admin", null);
        await ShouldReleaseAsync(way, node.Now);
    }

    [Test]
    public async Task WorkAsync_OnceStopped_Releases()
    {
        var way = await node.CommitUnsentAsync();
        Worker.Stop();
        await ShouldReleaseAsync(way, node.Now);
    }

    [Test]
    public async Task WorkAsync_WhileTheEndpointIsBackedOff_Releases()
    {
        var way = await node.CommitUnsentAsync();
        for (var i = 0; i < EndpointBackoff.Threshold; i++) way.Outlet!.Backoff.Failed(node.Time.GetUtcNow(), [7], Guid.NewGuid());
        await ShouldReleaseAsync(way, node.Now);
    }

    [TestCase("hooks", true)]
    [TestCase("moved", false)]
    public async Task WorkAsync_WhenManyFail_BacksOffTheEndpointThatFailed_AndNotTheNextOne(string path, bool backsOff)
    {
        inbox.Status = 500;
        var ways = new List<FannedOut.Way>();
        for (var i = 0; i < EndpointBackoff.Threshold; i++) ways.Add(await node.CommitUnsentAsync());
        var arrived = 0;
        var moved = new TaskCompletionSource();
        inbox.Before = async _ =>
        {
            if (Interlocked.Increment(ref arrived) == ways.Count)
            {
                node.Time.Advance(TimeSpan.FromSeconds(1));
                await node.SubscribeAsync(endpoint: new Uri(inbox.Url, path), schedule: [10, 20]);
                moved.SetResult();
            }

            await moved.Task;
        };

        foreach (var way in ways) node.Outlets.Track(way.Leased!);
        await Task.WhenAll(ways.Select(way => Worker.WorkAsync(way.Outlet!, way.Leased!)));

        ways[0].Outlet!.Backoff.IsOpen(node.Time.GetUtcNow()).Should().Be(backsOff);
    }

    [TestCase(1000, 256)]
    [TestCase(5, 5)]
    [TestCase(null, 16)]
    public async Task ConcurrencyOf_ASubscription_IsWhatItAskedFor_ButNoMoreThanThereAreConnections(int? wanted, int concurrency)
    {
        var subscription = await node.SubscribeAsync(endpoint: inbox.Url, maxConcurrency: wanted);

        Worker.ConcurrencyOf(subscription.Id).Should().Be(concurrency);
    }

    [Test]
    public async Task Abort_WhileUnderWay_Releases()
    {
        var reached = new TaskCompletionSource();
        var over = new TaskCompletionSource();
        inbox.Before = _ =>
        {
            reached.TrySetResult();
            return over.Task;
        };
        var way = await node.CommitUnsentAsync();
        var working = WorkAsync(way);
        await reached.Task;

        Worker.Abort();
        await working;

        await EventuallyAsync(way.Leased!, Pending);
        (await node.ReadAsync("SELECT attempts FROM deliveries")).Should().Be(0, "whether it arrived is not known");
        over.SetResult();
        ShouldHoldNothing();
    }

    [Test]
    public async Task Abort_BeforeTheContentIsRead_Releases()
    {
        var way = await node.CommitUnsentAsync();
        way.Leased!.Content = null;
        Worker.Abort();
        await WorkAsync(way);

        await EventuallyAsync(way.Leased!, Pending);
        ShouldHoldNothing();
    }

    [Test]
    public async Task WorkAsync_WhenTheLeaseWentToAnotherWhileSending_ChangesNothing()
    {
        var way = await node.CommitUnsentAsync();
        inbox.Before = _ => node.ExecuteAsync("UPDATE deliveries SET lease_token = 4711");
        await WorkAsync(way);

        await Eventually.HoldsAsync(ShouldHoldNothing);
        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries WHERE state = 1 AND lease_token = 4711 AND attempts = 0")).Should().Be(1);
        (await node.ReadAsync("SELECT value FROM counters WHERE name = 'delivered'") ?? 0).Should().Be(0);
    }

    [TestCase("UPDATE message_contents SET payload = CAST('[2]' AS BLOB)")]
    [TestCase("UPDATE message_contents SET content_type = 'text/html'")]
    [TestCase("UPDATE message_contents SET checksum = checksum + 1")]
    public async Task WorkAsync_WithAContentThatIsDamaged_SendsNothingAndIsADeadLetter(string damage)
    {
        var way = await node.CommitUnsentAsync();
        way.Leased!.Content = null;
        await node.ExecuteAsync(damage);
        await WorkAsync(way);

        await EventuallyAsync(way.Leased, DeadLettered);
        inbox.Requests.Should().BeEmpty();
        (await node.ReadAsync("SELECT COUNT(*) FROM deliveries WHERE last_error LIKE '%checksum%' AND attempts = 1")).Should().Be(1);
    }

    [Test]
    public async Task WorkAsync_WithAContentOfTheVersionBefore_SendsIt()
    {
        var way = await node.CommitUnsentAsync();
        way.Leased!.Content = null;
        await node.ExecuteAsync("UPDATE message_contents SET checksum = NULL");
        await WorkAsync(way);

        await EventuallyAsync(way.Leased, Delivered);
    }

    private async Task<LeasedDelivery> WorkAsync()
    {
        var way = await node.CommitUnsentAsync();
        await WorkAsync(way);
        return way.Leased!;
    }

    private async Task WorkAsync(FannedOut.Way way)
    {
        node.Outlets.Track(way.Leased!);
        await Worker.WorkAsync(way.Outlet!, way.Leased!);
    }

    private async Task ShouldReleaseAsync(FannedOut.Way way, long dueAt)
    {
        await WorkAsync(way);
        await EventuallyAsync(way.Leased!, Pending);
        (await node.ReadAsync("SELECT due_at FROM deliveries")).Should().Be(dueAt);
        (await node.ReadAsync("SELECT attempts FROM deliveries")).Should().Be(0);
        way.Leased!.IsGivenBack.Should().BeTrue();
        inbox.Requests.Should().BeEmpty();
        ShouldHoldNothing();
    }

    private Task EventuallyAsync(LeasedDelivery delivery, long state) => Eventually.HoldsAsync(async () =>
    {
        (await node.StateOfDeliveryAsync(delivery.Id)).Should().Be(state);
        ShouldHoldNothing();
    });

    private void ShouldHoldNothing()
    {
        node.Outlets.Held.Should().Be(0);
        node.Outlets.Leased.Should().BeEmpty();
    }
}
