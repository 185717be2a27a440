using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.CheckBacks;

public sealed class CheckBackStoreTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Overdue_AreClaimedOnce_AndAgainWhenTheClaimExpires()
    {
        var producer = await PrepareOverdueAsync(10);
        (await OverdueProducersAsync()).Should().Contain(producer.Id);
        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ClaimAsync(producer, 4)));
        claims.SelectMany(claim => claim).Select(message => message.Seq).Should().OnlyHaveUniqueItems().And.HaveCount(10);
        (await OverdueProducersAsync()).Should().NotContain(producer.Id);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await ClaimAsync(producer, 100)).Should().HaveCount(10).And.OnlyContain(message => message.Attempt == 2, "the first may have been asked");
    }

    [Test]
    public async Task Decided_AreNotAskedAbout()
    {
        var producer = await PrepareOverdueAsync(2);
        var message = (await ClaimAsync(producer, 1)).Single();
        await Node.DecideAsync(message.MessageId, Verdict.Commit, Time);
        Time.Advance(TimeSpan.FromHours(1));
        (await ClaimAsync(producer, 100)).Should().ContainSingle().Which.MessageId.Should().NotBe(message.MessageId);
    }

    [Test]
    public async Task Record_OfAnUnknownAnswer_CountsItAndAsksLater()
    {
        var producer = await PrepareOverdueAsync(1);
        var message = (await ClaimAsync(producer, 1)).Single();
        (await Node.Committer.WriteAsync(Recording(message, MessageState.Prepared, Time.Milliseconds + 60_001))).Should().BeFalse();
        Time.Advance(TimeSpan.FromMilliseconds(60_000));
        (await ClaimAsync(producer, 1)).Should().BeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await ClaimAsync(producer, 1)).Should().ContainSingle().Which.Should().BeEquivalentTo(new { CheckBacks = 1, UnknownAnswers = 1 });
        var row = (await Node.Get<MessageReader>().FindRowAsync(message.MessageId, CancellationToken.None))!;
        (await Node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None)).Events.Should().ContainSingle(entry => entry.Kind == "checkBack" && entry.Answer == "unknown");
    }

    [Test]
    public async Task Record_ThatParks_WaitsForALateVerdict()
    {
        var producer = await PrepareOverdueAsync(1);
        var message = (await ClaimAsync(producer, 1)).Single();
        (await Node.Committer.WriteAsync(Recording(message, MessageState.Parked, null))).Should().BeTrue();
        (await Node.StateOfAsync(message.MessageId)).Should().Be(MessageState.Parked);
        Time.Advance(TimeSpan.FromDays(1));
        (await ClaimAsync(producer, 1)).Should().BeEmpty();
        (await Node.DecideAsync(message.MessageId, Verdict.Commit, Time)).Outcome.Should().Be(VerdictOutcome.Decided);
    }

    [Test]
    public async Task Record_OfALostClaim_ChangesNothingButKeepsTheTry()
    {
        var producer = await PrepareOverdueAsync(1);
        var first = (await ClaimAsync(producer, 1)).Single();
        Time.Advance(TimeSpan.FromMinutes(1));
        var second = (await ClaimAsync(producer, 1)).Single();
        (await Node.Committer.WriteAsync(Recording(first, MessageState.Parked, null))).Should().BeFalse();
        (await Node.StateOfAsync(first.MessageId)).Should().Be(MessageState.Prepared);
        await Node.Committer.WriteAsync(Recording(second, MessageState.Prepared, Time.Milliseconds + 1000));
        (await AttemptsOfAsync(first)).Should().Equal(1, 2);
        (await Node.Get<MessageReader>().FindRowAsync(first.MessageId, CancellationToken.None))!.CheckBacks.Should().Be(2);
    }

    [Test]
    public async Task Record_OfALostClaim_BesideTheOneThatHasIt_DoesNotHinderIt()
    {
        var producer = await PrepareOverdueAsync(1);
        var lost = (await ClaimAsync(producer, 1)).Single();
        var byHand = (await Node.Get<ManualCheckBack>().ClaimAsync(lost.MessageId, "operator", "why"))!;

        var recorded = await Task.WhenAll(
            Node.Committer.WriteAsync(Recording(byHand, MessageState.Parked, null)), Node.Committer.WriteAsync(Recording(lost, MessageState.Prepared, Time.Milliseconds)));

        recorded.Should().Equal(true, false);
        (await Node.StateOfAsync(lost.MessageId)).Should().Be(MessageState.Parked);
        (await AttemptsOfAsync(lost)).Should().Equal(1, 2);
    }

    [Test]
    public async Task Unanswered_AreParkedOnceTheyWaitedTooLong_ButForThoseBeingAskedAbout()
    {
        var producer = await PrepareOverdueAsync(3);
        var asked = (await ClaimAsync(producer, 1)).Single();
        (await ParkAsync(producer, Time.Milliseconds - TimeSpan.FromDays(3).TotalMilliseconds)).Should().Be(0, "none is that old");
        (await ParkAsync(producer, Time.Milliseconds)).Should().Be(2);
        (await Node.StateOfAsync(asked.MessageId)).Should().Be(MessageState.Prepared);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await ParkAsync(producer, Time.Milliseconds)).Should().Be(1, "its claim has expired");
        (await Node.StateOfAsync(asked.MessageId)).Should().Be(MessageState.Parked);
        (await Node.Get<ManualCheckBack>().ClaimAsync(asked.MessageId, "operator", null))!.Attempt.Should().Be(2, "the first one's answer may still come");
    }

    [Test]
    public async Task Claim_ByHand_TakesAPreparedOrParkedOne()
    {
        var producer = await PrepareOverdueAsync(1);
        var message = (await ClaimAsync(producer, 1)).Single();
        (await Node.Get<ManualCheckBack>().ClaimAsync(message.MessageId, "operator", "why")).Should().NotBeNull();
        (await Node.Committer.WriteAsync(Recording(message, MessageState.Parked, null))).Should().BeFalse("the claim by hand fences the earlier one off");
        await Node.DecideAsync(message.MessageId, Verdict.Rollback, Time);
        (await Node.Get<ManualCheckBack>().ClaimAsync(message.MessageId, "operator", null)).Should().BeNull();
    }

    [Test]
    public async Task Job_OfAProducer_IsOneOverAllNodes()
    {
        var producer = await PrepareOverdueAsync(1);
        var other = await AddNodeAsync();
        var acquired = await Task.WhenAll(new[] { Node, other, Node, other }.Select(node => AcquireAsync(node, producer, LeaseToken.New())));
        acquired.Sum().Should().Be(1);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await AcquireAsync(other, producer, LeaseToken.New())).Should().Be(1);
    }

    private async Task<IEnumerable<int?>> AttemptsOfAsync(OverdueMessage message)
    {
        var row = (await Node.Get<MessageReader>().FindRowAsync(message.MessageId, CancellationToken.None))!;
        var timeline = await Node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None);
        return timeline.Events.Where(entry => entry.Kind == "checkBack").Select(entry => entry.Attempt);
    }

    private async Task<int> ParkAsync(Producer producer, double preparedBefore)
    {
        var parameters = new { producerId = producer.Id, limit = 100, now = Time.Milliseconds, dueBefore = Time.Milliseconds, preparedBefore = (long)preparedBefore };
        var found = await Node.Database.ReadAsync(connection => connection.QuerySingleAsync<int>("HasUnansweredMessages", parameters));
        var parked = await Node.Database.WriteAsync(connection => connection.ExecuteAsync("ParkUnansweredMessages", parameters));
        found.Should().Be(parked > 0 ? 1 : 0);
        return parked;
    }

    private Task<int> AcquireAsync(Node node, Producer producer, long token) =>
        node.Database.WriteAsync(connection => connection.ExecuteAsync(
            "AcquireCheckBackJob", new { producerId = producer.Id, token, now = Time.Milliseconds, until = Time.Milliseconds + 60_000 }));

    private Task<IReadOnlyList<long>> OverdueProducersAsync() =>
        Node.Database.ReadAsync(connection => connection.QueryAsync<long>("ListProducersWithOverdueMessages", new { now = Time.Milliseconds }));

    private Task<IReadOnlyList<OverdueMessage>> ClaimAsync(Producer producer, int limit) =>
        Node.Database.WriteAsync(connection => connection.QueryAsync<OverdueMessage>("ClaimOverdueMessages", new
        {
            producerId = producer.Id, limit, now = Time.Milliseconds, leasedUntil = Time.Milliseconds + 60_000, token = LeaseToken.New(),
        }));

    private CheckBackRecord Recording(OverdueMessage message, MessageState state, long? nextAt) => new(message)
    {
        Answer = CheckBackAnswer.Unknown, State = state, NextAt = nextAt, At = Time.Milliseconds, Url = "http://127.0.0.1:9/check-back", Status = 200, LatencyMs = 3,
    };

    private async Task<Producer> PrepareOverdueAsync(int count)
    {
        var producer = await Node.RegisterProducerAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Node.PrepareAsync(Messages.New(producer, "overdue", key: "k"), Time)));
        (await ClaimAsync(producer, 100)).Should().BeEmpty();
        Time.Advance(TimeSpan.FromSeconds(30));
        return producer;
    }
}
