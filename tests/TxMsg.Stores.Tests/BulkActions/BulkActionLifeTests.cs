using TxMsg.Contracts.Operations;
using TxMsg.Server.BulkActions;
using TxMsg.Server.Retention;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.BulkActions;

public sealed class BulkActionLifeTests(StoreProvider provider) : BulkFixture(provider)
{
    [Test]
    public async Task Sweep_StartsAFewAtOnce_TheOldestFirst()
    {
        var (subscription, _) = await KillAsync(1);
        var rows = new List<BulkActionRow>();
        for (var i = 0; i < BulkActionSweeper.MaxUnderWay + 2; i++) rows.Add(await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name }));
        var started = Node.Get<RecordedBulkJobs>().Queue.Select(job => job.Seq).ToArray();
        started.Should().Equal(rows.Take(BulkActionSweeper.MaxUnderWay).Select(row => row.Seq));
        (await Node.Get<BulkActionSweeper>().RunAsync(CancellationToken.None)).Should().Be(0);

        (await WorkOffAsync()).State.Should().Be("finished");

        (await Node.Get<BulkActionSweeper>().RunAsync(CancellationToken.None)).Should().Be(1);
        Node.Get<RecordedBulkJobs>().Queue.Last().Seq.Should().Be(rows[BulkActionSweeper.MaxUnderWay].Seq);
    }

    [Test]
    public async Task Sweep_OnTwoNodesAtOnce_StartsEachOnce()
    {
        var (subscription, _) = await KillAsync(1);
        await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name });
        await Node.Database.WriteAsync(connection => connection.ExecuteAsync("ReleaseAllBulkActions"));
        var other = await AddNodeAsync();

        var started = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? Node : other).Get<BulkActionSweeper>().RunAsync(CancellationToken.None)));

        started.Sum().Should().Be(1);
    }

    [Test]
    public async Task Job_OnANodeThatHasNotHeardOfTheSubscription_LooksItUp()
    {
        var other = await AddNodeAsync();
        var (subscription, ids) = await KillAsync(3);
        await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name });
        other.Registry.Current.FindSubscription(subscription.Id).Should().BeNull("else this test proves nothing");
        var (seq, token) = TakeJob();

        var run = await PassTimeAsync(other.Get<BulkActionRunner>().RunAsync(seq, token, null, CancellationToken.None));

        run.Should().Be(new BulkRun("finished", 3, 3, 0, 0));
        (await ActionsOnAsync(ids)).Should().OnlyContain(count => count == 1);
    }

    [Test]
    public async Task Job_WhoseLeaseIsAnothers_DoesNothing()
    {
        var (subscription, ids) = await KillAsync(3);
        var action = await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name });

        (await Node.Get<BulkActionRunner>().RunAsync(action.Seq, 12345, null, CancellationToken.None)).Should().BeNull();

        (await ActionsOnAsync(ids)).Sum().Should().Be(0);
        (await RowAsync(action)).ActionState.Should().Be(BulkActionState.Waiting);
    }

    [Test]
    public async Task Job_ThatIsStopped_GivesItBackAtOnce()
    {
        var (subscription, ids) = await KillAsync(30);
        var action = await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name }, perSecond: 50);
        var (seq, token) = TakeJob();
        using var stopping = new CancellationTokenSource();
        var running = Node.Get<BulkActionRunner>().RunAsync(seq, token, (_, _) => stopping.Cancel(), stopping.Token);
        await FluentActions.Awaiting(() => running).Should().ThrowAsync<OperationCanceledException>();
        (await RowAsync(action)).Should().BeEquivalentTo(new { ActionState = BulkActionState.Running, Examined = 10, Done = 10 });

        (await Node.Get<BulkActionSweeper>().RunAsync(CancellationToken.None)).Should().Be(1);
        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 30, 30, 0, 0));
        (await ActionsOnAsync(ids)).Should().OnlyContain(count => count == 1);
    }

    [Test]
    public async Task Job_ThatIsCancelledBetweenTwoBatches_DoesNothingMore()
    {
        var (subscription, ids) = await KillAsync(30);
        var action = await StartAsync("redeliver", new BulkActionFilter { Subscription = subscription.Name }, perSecond: 50);
        var (seq, token) = TakeJob();
        var first = new TaskCompletionSource();
        var running = Node.Get<BulkActionRunner>().RunAsync(seq, token, (_, _) => first.TrySetResult(), CancellationToken.None);
        await first.Task;

        (await Node.Get<BulkActionStore>().CancelAsync(action, "admin", null, Time.Milliseconds)).Should().BeTrue();

        (await PassTimeAsync(running)).Should().Be(new BulkRun("cancelled", 30, 10, 0, 0));
        (await ActionsOnAsync(ids)).Sum().Should().Be(10, "what waited for its turn is left alone");
    }

    [Test]
    public async Task List_PageByPage_ShowsEachOnceNewestFirst()
    {
        var (subscription, _) = await KillAsync(1);
        var rows = new List<Guid>();
        for (var i = 0; i < 5; i++) rows.Insert(0, (await StartAsync("discard", new BulkActionFilter { Subscription = subscription.Name })).ActionId);
        var seen = new List<Guid>();
        for (var cursor = MessageCursor.Start; seen.Count < rows.Count;)
        {
            var page = await Node.Get<BulkActionService>().ListAsync(cursor, 2, CancellationToken.None);
            seen.AddRange(page.Items.Select(item => item.Id));
            if (page.NextCursor is null) break;
            MessageCursor.TryParse(page.NextCursor, out cursor).Should().BeTrue();
        }

        seen.Take(rows.Count).Should().Equal(rows);
    }

    [Test]
    public async Task List_LeavesTheIdsOut()
    {
        var (subscription, ids) = await KillAsync(2);
        var row = await StartAsync("discard", new BulkActionFilter { Subscription = subscription.Name, MessageIds = ids });
        var item = (await Node.Get<BulkActionService>().ListAsync(MessageCursor.Start, 1, CancellationToken.None)).Items.Single();
        item.Should().BeEquivalentTo(new { Id = row.ActionId, Total = 2 });
        item.Filter.Should().Be(new BulkActionFilter { Subscription = subscription.Name });
    }

    [Test]
    public async Task Purge_DeletesWhatEndedLongAgo()
    {
        var (subscription, _) = await KillAsync(1);
        var ended = await StartAsync("discard", new BulkActionFilter { Subscription = subscription.Name });
        (await WorkOffAsync()).State.Should().Be("finished");
        Time.Advance(TimeSpan.FromDays(31));
        var waiting = await StartAsync("discard", new BulkActionFilter { Subscription = subscription.Name });

        (await Node.Get<Purger>().RunAsync(CancellationToken.None)).BulkActions.Should().BeGreaterThanOrEqualTo(1);

        (await Node.Get<BulkActionStore>().FindAsync(ended.ActionId, CancellationToken.None)).Should().BeNull();
        (await Node.Get<BulkActionStore>().FindAsync(waiting.ActionId, CancellationToken.None)).Should().NotBeNull();
    }

    [Test]
    public async Task Row_KeepsWhatWasAskedFor()
    {
        var (subscription, ids) = await KillAsync(2);
        var filter = new BulkActionFilter { Subscription = subscription.Name, MessageIds = ids };
        var resource = (await StartAsync("redeliver", filter, perSecond: 7)).ToResource();

        resource.Should().BeEquivalentTo(new { Kind = "redeliver", State = "waiting", Reason = "because", Actor = "ann", PerSecond = 7, Total = 2, TotalIsExact = true });
        resource.Filter.Should().BeEquivalentTo(filter);
        resource.CreatedAt.Should().Be(Time.GetUtcNow());
    }
}
