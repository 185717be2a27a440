using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Transactions;

public sealed class VerdictTests(StoreProvider provider) : StoreFixture(provider)
{
    [TestCase(Verdict.Commit, MessageState.Committed)]
    [TestCase(Verdict.Rollback, MessageState.RolledBack)]
    public async Task Decide_AHalfMessage_StoresTheVerdict(Verdict verdict, MessageState state)
    {
        var message = await PrepareAsync();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var result = await Node.DecideAsync(message.Id, verdict, Time);
        result.Outcome.Should().Be(VerdictOutcome.Decided);
        var row = (await Node.Get<MessageReader>().FindRowAsync(message.Id, CancellationToken.None))!;
        row.Should().BeEquivalentTo(new { MessageState = state, DecidedAt = (long?)Time.Milliseconds, DecidedBy = (int?)VerdictSource.Producer, CheckBackAt = (long?)null });
        result.Decided!.Should().BeEquivalentTo(new { row.Seq, message.Id, message.ProducerId, message.Topic, message.Key, row.PreparedAt }, options => options.WithStrictOrdering());
    }

    [Test]
    public async Task Decide_Again_SaysWhatIsRecordedAndChangesNothing()
    {
        var message = await PrepareAsync();
        await Node.DecideAsync(message.Id, Verdict.Rollback, Time);
        (await Node.DecideAsync(message.Id, Verdict.Rollback, Time)).Should().BeEquivalentTo(new { Outcome = VerdictOutcome.Repeated, State = MessageState.RolledBack });
        (await Node.DecideAsync(message.Id, Verdict.Commit, Time)).Should().BeEquivalentTo(new { Outcome = VerdictOutcome.Conflict, State = MessageState.RolledBack });
        (await Node.DeliveriesOfAsync(message.Id)).Should().BeEmpty();
    }

    [Test]
    public async Task Decide_AnUnknownMessage_IsNotFound() =>
        (await Node.DecideAsync(Guid.CreateVersion7(), Verdict.Commit, Time)).Outcome.Should().Be(VerdictOutcome.NotFound);

    [Test]
    public async Task Decide_AnotherProducersMessage_IsForbidden()
    {
        var message = await PrepareAsync();
        (await Node.DecideAsync(message.Id, Verdict.Commit, Time, message.ProducerId + 1)).Outcome.Should().Be(VerdictOutcome.Forbidden);
        (await Node.StateOfAsync(message.Id)).Should().Be(MessageState.Prepared);
        (await Node.DecideAsync(message.Id, Verdict.Commit, Time, message.ProducerId)).Outcome.Should().Be(VerdictOutcome.Decided);
    }

    [Test]
    public async Task Decide_BothWaysInOneTransaction_StoresTheFirst()
    {
        var message = await PrepareAsync();
        var rollback = NodeActions.Deciding(message.Id, Verdict.Rollback, Time);
        var commit = NodeActions.Deciding(message.Id, Verdict.Commit, Time);
        var again = NodeActions.Deciding(message.Id, Verdict.Rollback, Time);
        await Node.WriteTogetherAsync(rollback, commit, again);
        new[] { rollback, commit, again }.Select(operation => operation.Result.Outcome)
            .Should().Equal(VerdictOutcome.Decided, VerdictOutcome.Conflict, VerdictOutcome.Repeated);
        (await Node.StateOfAsync(message.Id)).Should().Be(MessageState.RolledBack);
    }

    [Test]
    public async Task Decide_PreparedInTheSameTransaction_Works()
    {
        var producer = await Node.RegisterProducerAsync();
        var prepare = NodeActions.Preparing(Messages.New(producer, "same-transaction"), Time);
        var commit = NodeActions.Deciding(prepare.Message.Id, Verdict.Commit, Time);
        await Node.WriteTogetherAsync(prepare, commit);
        commit.Result.Outcome.Should().Be(VerdictOutcome.Decided);
    }

    [Test]
    public async Task Decide_BothWaysOnTwoNodes_StoresOneVerdictAndFansItOutOnce()
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        await Node.SubscribeAsync(topic);
        var other = await AddNodeAsync();
        var messages = Enumerable.Range(0, 100).Select(_ => Messages.New(producer, topic)).ToArray();
        foreach (var message in messages) _ = Node.PrepareAsync(message, Time);
        await Node.PrepareAsync(Messages.New(producer, topic), Time);
        var results = await Task.WhenAll(messages.Select(async message =>
        {
            var both = await Task.WhenAll(Node.DecideAsync(message.Id, Verdict.Commit, Time), other.DecideAsync(message.Id, Verdict.Rollback, Time));
            return (message.Id, Commit: both[0], Rollback: both[1]);
        }));
        foreach (var (id, commit, rollback) in results)
        {
            var committed = commit.Outcome == VerdictOutcome.Decided;
            (committed ? rollback : commit).Outcome.Should().Be(VerdictOutcome.Conflict);
            (committed ? commit : rollback).Outcome.Should().Be(VerdictOutcome.Decided);
            (await Node.StateOfAsync(id)).Should().Be(committed ? MessageState.Committed : MessageState.RolledBack);
            (await Node.DeliveriesOfAsync(id)).Should().HaveCount(committed ? 1 : 0);
        }
    }

    [Test]
    public async Task Commit_ThatBreaksAfterItsFanOut_StoresNothingAndGivesItsRoomBack()
    {
        var holding = await AddNodeAsync(holds: true);
        var producer = await holding.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        await holding.SubscribeAsync(topic);
        var message = Messages.New(producer, topic);
        await holding.PrepareAsync(message, Time);
        holding.Fault.Breaks = true;
        var deciding = () => holding.DecideAsync(message.Id, Verdict.Commit, Time);
        await deciding.Should().ThrowAsync<InvalidOperationException>();
        (await Node.StateOfAsync(message.Id)).Should().Be(MessageState.Prepared);
        (await Node.DeliveriesOfAsync(message.Id)).Should().BeEmpty();
        holding.Get<OutletDirectory>().Held.Should().Be(0);
        holding.Fault.Breaks = false;
        (await holding.DecideAsync(message.Id, Verdict.Commit, Time)).Outcome.Should().Be(VerdictOutcome.Decided);
        (await Node.DeliveriesOfAsync(message.Id)).Should().ContainSingle().Which.DeliveryState.Should().Be(DeliveryState.Leased);
    }

    [Test]
    public async Task Decide_ByAnOperator_KeepsWhoAndWhy()
    {
        var message = await PrepareAsync();
        var operation = new VerdictOperation(message.Id, Verdict.Rollback, VerdictSource.Operator, Time.GetUtcNow()) { Actor = "админ", Reason = "a reason that is kept" };
        await Node.Committer.WriteAsync(operation);
        var row = (await Node.Get<MessageReader>().FindRowAsync(message.Id, CancellationToken.None))!;
        var timeline = await Node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None);
        timeline.Events.Should().ContainSingle(entry => entry.Kind == "operatorAction" && entry.By == "админ" && entry.Reason == "a reason that is kept");
    }

    private async Task<NewMessage> PrepareAsync()
    {
        var message = Messages.New(await Node.RegisterProducerAsync(), "verdicts", key: "k");
        await Node.PrepareAsync(message, Time);
        return message;
    }
}
