using TxMsg.Contracts.Operations;
using TxMsg.Server.BulkActions;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Stores.Tests.BulkActions;

public sealed class BulkDeadLetterTests(StoreProvider provider) : BulkFixture(provider)
{
    [Test]
    public async Task Redeliver_OfAGroup_TakesThatGroupAndNothingElse()
    {
        var (subscription, ids) = await KillAsync(
            250, place => place % 2 == 0 ? $"the receiver answered 500: order {place} is locked" : "the receiver answered 503: closed", place => place % 2 == 0 ? 500 : 503);
        var group = (await Node.Get<DeadLetterGrouper>().ReadNowAsync(subscription.Id)).Items.Single(item => item.LastStatus == 500);
        var action = await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name, Error = group.Error, LastStatus = 500 });
        action.Should().BeEquivalentTo(new { Total = 125, TotalIsExact = 1, Done = 0 });

        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 125, 125, 0, 0));

        (await Node.ClaimAsync(subscription, Time, 1000)).Select(delivery => delivery.MessageId).Should().BeEquivalentTo(ids.Where((_, place) => place % 2 == 0));
        (await ActionsOnAsync(ids)).Where((_, place) => place % 2 == 0).Should().OnlyContain(count => count == 1);
        (await ActionsOnAsync(ids)).Sum().Should().Be(125);
    }

    [Test]
    public async Task Redeliver_WhoseJobWasLostBetweenTheWorkAndItsPosition_DoesNoneTwiceAndCountsAll()
    {
        var (subscription, ids) = await KillAsync(150);
        var action = await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name });
        var (seq, token) = TakeJob();
        // The job that is lost: begun, a batch done, its position not noted.
        var begun = (await Node.Get<BulkActionLeases>().BeginAsync(seq, token, Time.Milliseconds, Time.Milliseconds + 60_000))!;
        var scope = BulkScope.Of(begun);
        var page = await Node.Get<BulkItemReader>().ReadAsync(BulkActionKind.Redeliver, scope, 0, CancellationToken.None);
        await Node.Get<BulkActionWork>().DoAsync(begun, scope, page.Items.Take(60).ToArray(), CancellationToken.None);
        // Some of them die again before another job goes on.
        foreach (var delivery in await Node.ClaimAsync(subscription, Time, 20)) await DieAsync(delivery, "again");
        (await Node.Get<BulkActionSweeper>().RunAsync(CancellationToken.None)).Should().Be(0, "the lease holds");
        Time.Advance(TimeSpan.FromMinutes(2));
        (await Node.Get<BulkActionSweeper>().RunAsync(CancellationToken.None)).Should().Be(1);

        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 150, 150, 0, 0));

        (await ActionsOnAsync(ids)).Should().OnlyContain(count => count == 1);
        (await RowAsync(action)).StartedAt.Should().Be(begun.StartedAt);
        (await Node.Get<DeadLetterService>().ListAsync(subscription, DeadLetterFilter.None, 0, 100, CancellationToken.None)).Items.Should().HaveCount(20);
    }

    [Test]
    public async Task Redeliver_ByAJobThatHungUntilAnotherTookOver_IsStillDoneOnceEach()
    {
        var (subscription, ids) = await KillAsync(30);
        await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name }, perSecond: 50);
        var (seq, token) = TakeJob();
        var progress = new TaskCompletionSource();
        var hanging = Node.Get<BulkActionRunner>().RunAsync(seq, token, (_, _) => progress.TrySetResult(), CancellationToken.None);
        await progress.Task; // The first ten are done; for the others it waits for a time that does not pass.
        var other = await AddNodeAsync();
        await Node.Database.WriteAsync(connection => connection.ExecuteAsync("ReleaseAllBulkActions"));
        (await other.Get<BulkActionSweeper>().RunAsync(CancellationToken.None)).Should().Be(1);
        var (_, next) = TakeJob(other);

        var run = await PassTimeAsync(other.Get<BulkActionRunner>().RunAsync(seq, next, null, CancellationToken.None));
        await PassTimeAsync(hanging);

        run.Should().BeEquivalentTo(new { State = "finished", Done = 30 }, options => options.ExcludingMissingMembers());
        (await ActionsOnAsync(ids)).Should().OnlyContain(count => count == 1);
    }

    [Test]
    public async Task Redeliver_NeverTakesWhatBecameADeadLetterLater()
    {
        var (subscription, _) = await KillAsync(3);
        var producer = await Node.RegisterProducerAsync();
        await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name });
        await Node.PrepareAsync(Messages.New(producer, subscription.Topic, committed: true), Time);
        foreach (var delivery in await Node.ClaimAsync(subscription, Time)) await DieAsync(delivery, "later");

        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 3, 3, 0, 0));

        (await Node.ClaimAsync(subscription, Time)).Should().HaveCount(3);
    }

    [Test]
    public async Task Discard_BySomeIds_SkipsWhatIsNoDeadLetterAnyMore()
    {
        var (subscription, ids) = await KillAsync(5);
        var before = await DiscardedAsync();
        await StartAsync("discard", new BulkActionFilter { Subscription = subscription.Name, MessageIds = [ids[0], ids[1], ids[0], Guid.CreateVersion7(), ids[4]] });
        await Node.Get<DeadLetterService>().ApplyAsync(subscription, DeadLetterAction.Redeliver, [ids[1]], "ann", "because", CancellationToken.None);

        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 4, 2, 2, 0));

        (await DiscardedAsync() - before).Should().Be(2);
        (await Node.DeliveriesOfAsync(ids[4])).Single().DeliveryState.Should().Be(DeliveryState.Discarded);
        (await Node.DeliveriesOfAsync(ids[3])).Single().DeliveryState.Should().Be(DeliveryState.DeadLettered);
    }

    [Test]
    public async Task Discard_OfATime_TakesThatTime()
    {
        var (subscription, ids) = await KillAsync(2);
        var between = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromSeconds(5));
        var producer = await Node.RegisterProducerAsync();
        await Node.PrepareAsync(Messages.New(producer, subscription.Topic, committed: true), Time);
        foreach (var delivery in await Node.ClaimAsync(subscription, Time)) await DieAsync(delivery, "later");
        Time.Advance(TimeSpan.FromSeconds(5));

        await StartAsync("discard", new BulkActionFilter { Subscription = subscription.Name, DeadLetteredBefore = between });
        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 2, 2, 0, 0));
        await StartAsync("discard", new BulkActionFilter { Subscription = subscription.Name, DeadLetteredAfter = between });
        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 1, 1, 0, 0));
        (await Node.DeliveriesOfAsync(ids[0])).Single().DeliveryState.Should().Be(DeliveryState.Discarded);
    }

    [Test]
    public async Task Cancel_EndsIt_AndKeepsWhatWasDone()
    {
        var (subscription, ids) = await KillAsync(30);
        var action = await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name }, perSecond: 50);
        var (seq, token) = TakeJob();
        var progress = new TaskCompletionSource();
        var running = Node.Get<BulkActionRunner>().RunAsync(seq, token, (_, _) => progress.TrySetResult(), CancellationToken.None);
        await progress.Task;
        var cancelled = await Node.Get<BulkActionService>().CancelAsync(action, "bob", "wrong consumer");
        cancelled.Should().BeEquivalentTo(new { ActionState = BulkActionState.Cancelled, Done = 10, Skipped = 0 });

        // One batch more at the most: the one that waited for its time.
        (await PassTimeAsync(running)).Should().BeEquivalentTo(new { State = "cancelled" }, options => options.ExcludingMissingMembers());

        (await ActionsOnAsync(ids)).Sum().Should().BeInRange(10, 20).And.Be((int)(await RowAsync(action)).Done);
        (await Node.Get<BulkActionSweeper>().RunAsync(CancellationToken.None)).Should().Be(0);
    }

    [Test]
    public async Task Redeliver_ToADeletedSubscription_FailsAndSaysWhy()
    {
        var (subscription, _) = await KillAsync(2);
        var action = await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name });
        await Node.Get<Server.Subscriptions.SubscriptionAdministration>().DeleteAsync(subscription.Name, "admin", null);

        (await WorkOffAsync()).State.Should().Be("failed");

        (await RowAsync(action)).Error.Should().Contain("deleted");
    }

    private async Task<long> DiscardedAsync() => (await Node.Get<StatsReader>().ReadAsync(CancellationToken.None)).FinishedAs("discarded");
}
