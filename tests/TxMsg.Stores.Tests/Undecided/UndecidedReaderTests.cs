using TxMsg.Contracts.Operations;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;
using TxMsg.Server.Undecided;

namespace TxMsg.Stores.Tests.Undecided;

public sealed class UndecidedReaderTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Summary_OfAProducer_TellsYoungFromOverdueFromParked()
    {
        var producer = await Node.RegisterProducerAsync();
        await PrepareAsync(producer); // Overdue in the end.
        var asked = await PrepareAsync(producer);
        Time.Advance(TimeSpan.FromSeconds(40));
        await RecordAsync(asked, MessageState.Prepared, nextIn: TimeSpan.FromHours(1));
        await ParkAsync(await PrepareAsync(producer));
        Time.Advance(TimeSpan.FromSeconds(10));
        await PrepareAsync(producer);
        var decided = await PrepareAsync(producer);
        await Node.DecideAsync(decided, Verdict.Commit, Time);

        var summary = await SummaryAsync(producer);

        summary.Should().Be(new UndecidedProducer
        {
            Producer = producer.Name, Prepared = 3, OldestPreparedAgeSeconds = 50, PastFirstCheck = 2, OldestPastFirstCheckAgeSeconds = 50, IsExact = true,
            Parked = 1, OldestParkedAgeSeconds = 10,
        });
    }

    [Test]
    public async Task Summary_OfAMessageThatIsBeingAskedAbout_CountsIt()
    {
        var producer = await Node.RegisterProducerAsync();
        var id = await PrepareAsync(producer);
        (await SummaryAsync(producer)).PastFirstCheck.Should().Be(0);
        (await Node.Get<ManualCheckBack>().ClaimAsync(id, "ann", null)).Should().NotBeNull();

        (await SummaryAsync(producer)).Should().BeEquivalentTo(new { Prepared = 1, PastFirstCheck = 1, IsExact = true });
    }

    [Test]
    public async Task Summary_IsKeptForAMoment_AndReadAnew()
    {
        var producer = await Node.RegisterProducerAsync();
        await PrepareAsync(producer);
        Time.Advance(TimeSpan.FromSeconds(10));
        (await CachedAsync(producer)).Prepared.Should().Be(1);
        await PrepareAsync(producer);
        (await CachedAsync(producer)).Prepared.Should().Be(1);
        Time.Advance(TimeSpan.FromSeconds(10));
        (await CachedAsync(producer)).Prepared.Should().Be(2);
    }

    [Test]
    public async Task List_PageByPage_ShowsEachOnceOldestFirst()
    {
        var producer = await Node.RegisterProducerAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 20; i++)
        {
            if (i % 3 == 0) Time.Advance(TimeSpan.FromMilliseconds(1));
            ids.Add(await PrepareAsync(producer));
            if (i % 4 == 0) await ParkAsync(ids[^1]);
        }

        var seen = new List<UndecidedMessage>();
        var query = new UndecidedQuery { ProducerId = producer.Id, Limit = 3 };
        for (var page = await ListAsync(query); ; page = await ListAsync(query))
        {
            seen.AddRange(page.Items);
            if (page.NextCursor is null) break;
            MessageCursor.TryParse(page.NextCursor, out var cursor).Should().BeTrue();
            query = query with { After = cursor };
        }

        seen.Select(message => message.Id).Should().Equal(ids);
        seen.Should().OnlyContain(message => (message.State == "parked") == (message.ParkedAt != null));
    }

    [Test]
    public async Task List_ByEachFilter_FindsExactlyWhatMatches()
    {
        var producer = await Node.RegisterProducerAsync();
        var parked = await PrepareAsync(producer);
        await ParkAsync(parked);
        var old = await PrepareAsync(producer);
        Time.Advance(TimeSpan.FromSeconds(60));
        var young = await PrepareAsync(producer);
        await AssertListAsync(new UndecidedQuery { ProducerId = producer.Id }, parked, old, young);
        await AssertListAsync(new UndecidedQuery { ProducerId = producer.Id, PastFirstCheck = true }, parked, old);
        await AssertListAsync(new UndecidedQuery { ProducerId = producer.Id, State = MessageState.Prepared }, old, young);
        await AssertListAsync(new UndecidedQuery { ProducerId = producer.Id, State = MessageState.Parked }, parked);
        await AssertListAsync(new UndecidedQuery { ProducerId = producer.Id, State = MessageState.Prepared, OlderThan = TimeSpan.FromSeconds(30) }, old);
    }

    private async Task<UndecidedProducer> SummaryAsync(Producer producer) => (await Node.Get<UndecidedReader>().SummarizeNowAsync()).Single(row => row.Producer == producer.Name);

    private async Task<UndecidedProducer> CachedAsync(Producer producer) =>
        (await Node.Get<UndecidedReader>().SummarizeAsync(CancellationToken.None)).Single(row => row.Producer == producer.Name);

    private Task<UndecidedList> ListAsync(UndecidedQuery query) => Node.Get<UndecidedReader>().ListAsync(query, CancellationToken.None);

    private async Task AssertListAsync(UndecidedQuery query, params Guid[] expected) =>
        (await ListAsync(query)).Items.Select(item => item.Id).Should().Equal(expected, "{0}", query);

    private async Task<Guid> PrepareAsync(Producer producer) => (await Node.PrepareAsync(Messages.New(producer, "orders"), Time)).Message.Id;

    private Task ParkAsync(Guid id) => RecordAsync(id, MessageState.Parked, null);

    private async Task RecordAsync(Guid id, MessageState state, TimeSpan? nextIn)
    {
        var claimed = (await Node.Get<ManualCheckBack>().ClaimAsync(id, "ann", null))!;
        await Node.Committer.WriteAsync(new CheckBackRecord(claimed)
        {
            Answer = CheckBackAnswer.Unknown, State = state, At = Time.Milliseconds, Url = "http://127.0.0.1:9/", LatencyMs = 0,
            NextAt = nextIn is { } pause ? Time.Milliseconds + (long)pause.TotalMilliseconds : null,
        });
    }
}
