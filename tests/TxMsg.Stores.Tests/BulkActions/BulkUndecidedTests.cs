using TxMsg.Contracts.Operations;
using TxMsg.Server.BulkActions;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.BulkActions;

public sealed class BulkUndecidedTests(StoreProvider provider) : BulkFixture(provider)
{
    [Test]
    public async Task Commit_OfAProducer_TakesWhatIsPastItsFirstCheckOrParked_AndLeavesTheOthersAlone()
    {
        var (producer, other) = (await Node.RegisterProducerAsync(), await Node.RegisterProducerAsync());
        var parked = await PrepareAsync(producer, "orders", parked: true);
        var overdue = await PrepareAsync(producer, "orders");
        var foreign = await PrepareAsync(other, "orders");
        Time.Advance(TimeSpan.FromMinutes(1));
        var young = await PrepareAsync(producer, "orders");
        await StartAsync("commit", new BulkActionFilter { Producer = producer.Name });

        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 2, 2, 0, 0));

        (await StatesAsync(parked, overdue, young, foreign)).Should().Equal(MessageState.Committed, MessageState.Committed, MessageState.Prepared, MessageState.Prepared);
        var row = (await Node.Get<MessageReader>().FindRowAsync(overdue, CancellationToken.None))!;
        row.Should().BeEquivalentTo(new { DecidedBy = (int)VerdictSource.Operator, Reason = "because" });
    }

    [TestCase("prepared")]
    [TestCase("parked")]
    public async Task Rollback_OfAStateAndATopic_TakesThose(string state)
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var parked = await PrepareAsync(producer, topic, parked: true);
        var prepared = await PrepareAsync(producer, topic);
        var elsewhere = await PrepareAsync(producer, "elsewhere", parked: state == "parked");
        Time.Advance(TimeSpan.FromMinutes(1));
        await StartAsync("rollback", new BulkActionFilter { Topic = topic, State = state });

        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 1, 1, 0, 0));

        (await StatesAsync(prepared, parked)).Count(found => found == MessageState.RolledBack).Should().Be(1);
        (await StatesAsync(state == "parked" ? parked : prepared)).Should().Equal(MessageState.RolledBack);
        (await StatesAsync(elsewhere)).Should().NotContain(MessageState.RolledBack);
    }

    [Test]
    public async Task Commit_ThatMeetsOthersVerdicts_SkipsThem()
    {
        var producer = await Node.RegisterProducerAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 12; i++) ids.Add(await PrepareAsync(producer, "orders"));
        Time.Advance(TimeSpan.FromMinutes(1));
        var action = await StartAsync("commit", new BulkActionFilter { Producer = producer.Name });
        await Node.DecideAsync(ids[0], Verdict.Commit, Time);
        await Node.DecideAsync(ids[1], Verdict.Rollback, Time);
        // Decided after the job has read it: the same as by a job that was lost after its batch.
        var (seq, token) = TakeJob();
        var begun = (await Node.Get<BulkActionLeases>().BeginAsync(seq, token, Time.Milliseconds, Time.Milliseconds + 60_000))!;
        var page = await Node.Get<BulkItemReader>().ReadAsync(BulkActionKind.Commit, BulkScope.Of(begun), 0, CancellationToken.None);
        page.Items.Should().HaveCount(10);
        await Node.DecideAsync(ids[2], Verdict.Rollback, Time);
        await Node.Get<BulkActionWork>().DoAsync(begun, BulkScope.Of(begun), page.Items, CancellationToken.None);
        await Node.Get<BulkActionWork>().DoAsync(begun, BulkScope.Of(begun), page.Items, CancellationToken.None);
        await Node.Get<BulkActionLeases>().RecordAsync(begun, page.Items[^1].Position, new BulkOutcome(page.Items.Count), Time.Milliseconds);

        (await RowAsync(action)).Should().BeEquivalentTo(new { Done = 9, Skipped = 1, Total = 12 });
        (await StatesAsync([.. ids])).Count(state => state == MessageState.Committed).Should().Be(10);
        (await ActionsOnAsync(ids)).Sum().Should().Be(9);
    }

    [Test]
    public async Task Rollback_BySomeIds_TakesThemWhateverTheirAge()
    {
        var producer = await Node.RegisterProducerAsync();
        var ids = new[] { await PrepareAsync(producer, "orders"), await PrepareAsync(producer, "orders"), await PrepareAsync(producer, "orders") };
        await Node.DecideAsync(ids[1], Verdict.Commit, Time);
        await StartAsync("rollback", new BulkActionFilter { MessageIds = [ids[0], ids[1], Guid.CreateVersion7()] });

        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 3, 1, 2, 0));

        (await StatesAsync(ids)).Should().Equal(MessageState.RolledBack, MessageState.Committed, MessageState.Prepared);
    }

    [Test]
    public async Task CheckBack_OfAProducerThatCannotBeReached_CountsThemAsFailed()
    {
        var producer = await Node.RegisterProducerAsync();
        for (var i = 0; i < 3; i++) await PrepareAsync(producer, "orders", parked: i == 0);
        Time.Advance(TimeSpan.FromMinutes(1));
        await StartAsync("checkBack", new BulkActionFilter { Producer = producer.Name });

        (await WorkOffAsync()).Should().Be(new BulkRun("finished", 3, 0, 0, 3));
    }

    [Test]
    public async Task OlderThan_IsCountedFromTheAsking()
    {
        var producer = await Node.RegisterProducerAsync();
        var old = await PrepareAsync(producer, "orders");
        Time.Advance(TimeSpan.FromMinutes(10));
        await PrepareAsync(producer, "orders");
        Time.Advance(TimeSpan.FromMinutes(5));
        var plan = Plan("rollback", new BulkActionFilter { Producer = producer.Name, OlderThanSeconds = 600 });

        (await CountAsync(plan)).Should().BeEquivalentTo(new { Count = 1L, IsExact = true });
        await StartAsync("rollback", plan.Filter);
        Time.Advance(TimeSpan.FromMinutes(30));
        (await WorkOffAsync()).Done.Should().Be(1);
        (await StatesAsync(old)).Should().Equal(MessageState.RolledBack);
    }

    [Test]
    public async Task Commit_OfWhatWasCounted_LeavesAloneWhoseFirstCheckBackCameLater()
    {
        var producer = await Node.RegisterProducerAsync();
        var counted = new[] { await PrepareAsync(producer, "orders"), await PrepareAsync(producer, "orders", parked: true) };
        Time.Advance(TimeSpan.FromMinutes(1));
        var uncounted = await PrepareAsync(producer, "orders");
        var plan = Plan("commit", new BulkActionFilter { Producer = producer.Name });
        var count = await CountAsync(plan);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await CountAsync(plan)).Count.Should().Be(3);

        var row = (await StartAsync(plan with { Counted = count }))!;

        row.Total.Should().Be(2);
        (await WorkOffAsync()).Done.Should().Be(2);
        (await StatesAsync([.. counted, uncounted])).Should().Equal(MessageState.Committed, MessageState.Committed, MessageState.Prepared);
    }

    [Test]
    public async Task Rollback_OfWhatWasCounted_WhenThereIsNothing_DoesNothing()
    {
        var producer = await Node.RegisterProducerAsync();
        var uncounted = await PrepareAsync(producer, "orders");
        var plan = Plan("rollback", new BulkActionFilter { Producer = producer.Name });
        var count = await CountAsync(plan);
        Time.Advance(TimeSpan.FromMinutes(1));

        await StartAsync(plan with { Counted = count });

        (await WorkOffAsync()).Done.Should().Be(0);
        (await StatesAsync(uncounted)).Should().Equal(MessageState.Prepared);
    }

    [Test]
    public async Task Commit_OfMoreThanWereCounted_IsRefused()
    {
        var producer = await Node.RegisterProducerAsync();
        await Node.PrepareAsync(Messages.New(producer, "orders", checkBackAfter: TimeSpan.FromMinutes(5)), Time);
        await PrepareAsync(producer, "orders");
        Time.Advance(TimeSpan.FromMinutes(1));
        var plan = Plan("commit", new BulkActionFilter { Producer = producer.Name });
        var count = await CountAsync(plan);
        count.Count.Should().Be(1);
        Time.Advance(TimeSpan.FromMinutes(5));

        (await StartAsync(plan with { Counted = count })).Should().BeNull("an older one with a time of its own matches by now");

        Node.Get<RecordedBulkJobs>().Queue.Should().BeEmpty();
        (await StartAsync(plan with { Counted = await CountAsync(plan) }))!.Total.Should().Be(2);
    }

    [Test]
    public async Task Commit_OfFewerThanWereCounted_TakesThose()
    {
        var producer = await Node.RegisterProducerAsync();
        var ids = new[] { await PrepareAsync(producer, "orders"), await PrepareAsync(producer, "orders") };
        Time.Advance(TimeSpan.FromMinutes(1));
        var plan = Plan("commit", new BulkActionFilter { Producer = producer.Name });
        var count = await CountAsync(plan);
        await Node.DecideAsync(ids[1], Verdict.Rollback, Time);

        await StartAsync(plan with { Counted = count });

        (await WorkOffAsync()).Done.Should().Be(1);
        (await StatesAsync(ids)).Should().Equal(MessageState.Committed, MessageState.RolledBack);
    }

    private async Task<IReadOnlyList<MessageState?>> StatesAsync(params Guid[] ids)
    {
        var states = new List<MessageState?>();
        foreach (var id in ids) states.Add(await Node.StateOfAsync(id));
        return states;
    }
}
