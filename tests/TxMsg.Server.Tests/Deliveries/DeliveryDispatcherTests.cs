using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class DeliveryDispatcherTests
{
    private TestNode node = null!;
    private Inbox inbox = null!;
    private TaskCompletionSource open = null!;
    private long subscriptionId;

    [SetUp]
    public async Task StartAsync()
    {
        open = new TaskCompletionSource();
        inbox = await Inbox.OpenAsync();
        inbox.Before = _ => open.Task;
        node = await TestNode.StartAsync(("TxMsg:Deliveries:Timeout", "00:00:30"));
        await node.RegisterAsync();
        subscriptionId = (await node.SubscribeAsync(endpoint: inbox.Url, maxConcurrency: 2)).Id;
    }

    [TearDown]
    public async Task StopAsync()
    {
        open.TrySetResult();
        await node.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task RunOnceAsync_OfABacklog_ClaimsNoMoreThanItHasRoomFor()
    {
        await node.CommitPendingAsync(30);
        // Slow: only what is under way at once may be held.
        node.Outlets[subscriptionId].NoteLatency(TimeSpan.FromHours(1));

        (await RunOnceAsync()).Should().Be(2);
        (await RunOnceAsync()).Should().Be(0);

        (await CountAsync(state: 1)).Should().Be(2);
        node.Outlets.Held.Should().Be(2);
        node.Outlets[subscriptionId].HasMoreDue.Should().BeTrue();
    }

    [Test]
    public async Task RunOnceAsync_OfAFewDue_GivesTheRestOfTheRoomBack()
    {
        await node.CommitPendingAsync(3);

        (await RunOnceAsync()).Should().Be(3);

        node.Outlets.Held.Should().Be(3);
        node.Outlets[subscriptionId].HasMoreDue.Should().BeFalse();
        open.SetResult();
        await Eventually.HoldsAsync(() => node.Outlets.Held.Should().Be(0));
        (await CountAsync(state: 2)).Should().Be(3);
    }

    [Test]
    public async Task RunOnceAsync_WhenExactlyWhatItHasRoomForIsDue_KeepsNoRoomForMore()
    {
        await node.CommitPendingAsync(2);
        node.Outlets[subscriptionId].NoteLatency(TimeSpan.FromHours(1));
        await RunOnceAsync();
        node.Outlets[subscriptionId].HasMoreDue.Should().BeTrue("there may be more");

        await RunOnceAsync();

        node.Outlets[subscriptionId].HasMoreDue.Should().BeFalse();
    }

    [Test]
    public async Task RunOnceAsync_WhenTheClaimFails_GivesAllRoomBack()
    {
        await node.CommitPendingAsync(3);
        node.Break.OnApply = static () => throw new Microsoft.Data.Sqlite.SqliteException("disk I/O error", 10);

        await FluentActions.Awaiting(RunOnceAsync).Should().ThrowAsync<Exception>();

        node.Outlets.Held.Should().Be(0);
        node.Break.OnApply = static () => { };
        (await RunOnceAsync()).Should().Be(3);
    }

    [Test]
    public async Task RunOnceAsync_OfAPausedSubscription_ClaimsNothing()
    {
        await node.CommitPendingAsync(3);
        await node.Get<SubscriptionPauser>().PauseAsync("billing", "admin", null);

        (await RunOnceAsync()).Should().Be(0);
    }

    [Test]
    public async Task RunOnceAsync_WhileTheEndpointIsBackedOff_ClaimsNothing()
    {
        await node.CommitPendingAsync(3);
        for (var i = 0; i < EndpointBackoff.Threshold; i++) node.Outlets[subscriptionId].Backoff.Failed(node.Time.GetUtcNow(), [10], Guid.NewGuid());

        (await RunOnceAsync()).Should().Be(0);
        node.Time.Advance(TimeSpan.FromSeconds(10));
        (await RunOnceAsync()).Should().Be(3);
    }

    [TestCase("changed", true)]
    [TestCase("resumed", true)]
    [TestCase("another", false)]
    public async Task RunOnceAsync_WhenSomebodyHasSeenToTheSubscription_BacksItsEndpointOffNoMore(string what, bool ends)
    {
        await RunOnceAsync();
        await node.CommitPendingAsync(3);
        for (var i = 0; i < EndpointBackoff.Threshold; i++) node.Outlets[subscriptionId].Backoff.Failed(node.Time.GetUtcNow(), [60], Guid.NewGuid());
        (await RunOnceAsync()).Should().Be(0);
        node.Time.Advance(TimeSpan.FromSeconds(1));

        if (what == "changed") await node.SubscribeAsync(endpoint: new Uri(inbox.Url, "moved"), maxConcurrency: 2);
        else if (what == "another") await node.SubscribeAsync("stock", endpoint: inbox.Url);
        else await PauseAndResumeAsync();

        (await RunOnceAsync()).Should().Be(ends ? 3 : 0);
        (node.Outlets[subscriptionId].Backoff.OpenedUntil is null).Should().Be(ends);
    }

    [Test]
    public async Task RunOnceAsync_BeforeTheDueTime_ClaimsNothing()
    {
        await node.CommitPendingAsync(1);
        await node.ExecuteAsync($"UPDATE deliveries SET due_at = {node.Now + 1}");

        (await RunOnceAsync()).Should().Be(0);
        node.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await RunOnceAsync()).Should().Be(1);
    }

    [Test]
    public async Task RunOnceAsync_WhenCancelledAfterTheClaim_LeavesNothingLeasedForNobody()
    {
        await node.CommitPendingAsync(3);
        using var stop = new CancellationTokenSource();
        node.Break.OnApply = stop.Cancel;
        open.SetResult();

        await FluentActions.Awaiting(() => node.Get<DeliveryDispatcher>().RunOnceAsync(stop.Token)).Should().NotThrowAsync();

        node.Break.OnApply = static () => { };
        await Eventually.HoldsAsync(async () => (await CountAsync(state: 1)).Should().Be(0));
    }

    [Test]
    public async Task StopAsync_WithWorkUnderWayAndQueued_FinishesTheOneAndReleasesTheOther()
    {
        await node.CommitPendingAsync(10);
        await RunOnceAsync();
        await Eventually.HoldsAsync(() => inbox.Requests.Count.Should().Be(2));

        var stopping = node.Get<DeliveryDispatcher>().StopAsync(CancellationToken.None);
        open.SetResult();
        await Eventually.HoldsAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(20));
            stopping.IsCompleted.Should().BeTrue();
        });

        await stopping;
        (await CountAsync(state: 2)).Should().Be(2);
        (await CountAsync(state: 0)).Should().Be(8);
    }

    [Test]
    public async Task StopAsync_WithWorkThatDoesNotEnd_ReturnsWhenItIsReleased()
    {
        await node.CommitPendingAsync(10);
        await RunOnceAsync();
        await Eventually.HoldsAsync(() => inbox.Requests.Count.Should().Be(2));

        var stopping = node.Get<DeliveryDispatcher>().StopAsync(CancellationToken.None);
        node.Time.Advance(TimeSpan.FromSeconds(19));
        await Eventually.HoldsAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(50));
            stopping.IsCompleted.Should().BeTrue();
        });

        await stopping;
        (await CountAsync(state: 0)).Should().Be(10, "the committer stops next");
        (await node.ReadAsync("SELECT SUM(attempts) FROM deliveries")).Should().Be(0, "they were broken off, not failed");
    }

    private async Task PauseAndResumeAsync()
    {
        await node.Get<SubscriptionPauser>().PauseAsync("billing", "admin", null);
        await node.Get<SubscriptionPauser>().ResumeAsync("billing", "admin", null);
    }

    private Task<int> RunOnceAsync() => node.Get<DeliveryDispatcher>().RunOnceAsync(CancellationToken.None);

    private Task<long?> CountAsync(int state) => node.ReadAsync($"SELECT COUNT(*) FROM deliveries WHERE state = {state}");
}
