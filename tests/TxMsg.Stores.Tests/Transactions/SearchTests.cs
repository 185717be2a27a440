using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using TxMsg.Contracts.Messages;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Transactions;

/// <summary>A search looks at a bounded number of rows at a time; who follows its cursors sees everything that matches, once.</summary>
public sealed class SearchTests(StoreProvider provider) : StoreFixture(provider)
{
    private readonly List<(MessageResource Message, long Seq)> all = [];
    private Producer[] producers = [];
    private string key = "";

    [OneTimeSetUp]
    public async Task MakeHistory()
    {
        producers = [await Node.RegisterProducerAsync(), await Node.RegisterProducerAsync()];
        key = NodeActions.Unique("key");
        var random = new Random(4711);
        for (var i = 0; i < 90; i++)
        {
            // Several with the same time, so that bounds fall between them.
            if (random.Next(3) == 0) Time.Advance(TimeSpan.FromMilliseconds(1 + random.Next(3)));
            var message = Messages.New(
                producers[random.Next(2)], random.Next(8) == 0 ? "rare" : "common", key: random.Next(3) == 0 ? key : null, tag: random.Next(2) == 0 ? "a" : "b");
            await Node.PrepareAsync(message, Time);
            await ChangeAsync(message.Id, random.Next(12));
        }

        foreach (var item in (await ListAsync("limit=500", 1000)).Items)
            all.Add((item, (await Node.Get<MessageReader>().FindRowAsync(item.Id, CancellationToken.None))!.Seq));
        all.Should().HaveCount(90);
    }

    [Test]
    public async Task Search_WithEveryFilterAndEveryBound_FindsAllThatMatchesOnceNewestFirst(
        [Values("", "topic=rare", "topic=common&tag=a", "producer=0", "producer=1&topic=rare", "state=committed", "state=rolledBack", "state=prepared", "state=parked",
            "state=parked&producer=1", "key=k", "key=k&topic=rare", "key=k&state=parked", "topic=none", "state=rolledBack&tag=b")] string filter,
        [Values(1, 3, 20, 1000)] int scanLimit,
        [Values(2, 50)] int limit)
    {
        var expected = Expected(filter).Select(message => message.Id);
        var query = filter.Replace("producer=0", "producer=" + producers[0].Name, StringComparison.Ordinal)
            .Replace("producer=1", "producer=" + producers[1].Name, StringComparison.Ordinal).Replace("key=k", "key=" + key, StringComparison.Ordinal);

        var seen = new List<MessageResource>();
        DateTimeOffset? searchedTo = null;
        string? cursor = null;
        for (var pages = 0; pages < 200; pages++)
        {
            var page = await ListAsync($"{query}&limit={limit}" + (cursor is null ? "" : $"&cursor={cursor}"), scanLimit);
            page.Items.Count.Should().BeLessThanOrEqualTo(limit);
            seen.AddRange(page.Items);
            (page.SearchedTo is null).Should().Be(page.NextCursor is null);
            if (page.NextCursor is null) break;
            (searchedTo is null || page.SearchedTo <= searchedTo).Should().BeTrue();
            page.Items.Where(item => item.PreparedAt < page.SearchedTo).Should().BeEmpty();
            (searchedTo, cursor) = (page.SearchedTo, page.NextCursor);
        }

        seen.Select(message => message.Id).Should().Equal(expected);
    }

    [Test]
    public async Task Search_ForWhatIsNotThere_EndsAPageWithoutAnItem()
    {
        var page = await ListAsync("topic=none&limit=50", scanLimit: 20);

        page.Items.Should().BeEmpty();
        page.NextCursor.Should().NotBeNull();
        page.SearchedTo.Should().Be(all[19].Message.PreparedAt);
    }

    [Test]
    public async Task Search_BetweenTwoTimes_StaysBetweenThem()
    {
        var (newest, oldest) = (all[20].Message.PreparedAt, all[60].Message.PreparedAt);
        var seen = new List<MessageResource>();
        string? cursor = null;
        do
        {
            var page = await ListAsync($"topic=common&from={oldest:O}&to={newest:O}&limit=3".Replace("+00:00", "Z", StringComparison.Ordinal) + (cursor is null ? "" : $"&cursor={cursor}"), 5);
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        seen.Select(item => item.Id).Should().Equal(
            all.Select(entry => entry.Message).Where(message => message.Topic == "common" && message.PreparedAt >= oldest && message.PreparedAt <= newest).Select(message => message.Id));
    }

    private IEnumerable<MessageResource> Expected(string filter)
    {
        var wanted = QueryHelpers.ParseQuery(filter);
        string? Of(string name) => wanted.TryGetValue(name, out var value) ? value.ToString() : null;
        return all.OrderByDescending(entry => entry.Message.PreparedAt).ThenByDescending(entry => entry.Seq).Select(entry => entry.Message).Where(message =>
            (Of("topic") is not { } topic || message.Topic == topic) && (Of("tag") is not { } tag || message.Tag == tag) && (Of("state") is not { } state || message.State == state)
            && (Of("key") is null || message.Key == key) && (Of("producer") is not { } place || message.Producer == producers[place[0] - '0'].Name));
    }

    private async Task ChangeAsync(Guid id, int what)
    {
        if (what < 6) await Node.DecideAsync(id, Verdict.Commit, Time);
        else if (what < 9) await Node.DecideAsync(id, Verdict.Rollback, Time);
        else if (what < 10 && await Node.Get<ManualCheckBack>().ClaimAsync(id, "ann", null) is { } claimed)
            await Node.Committer.WriteAsync(new CheckBackRecord(claimed) { Answer = CheckBackAnswer.Unknown, State = MessageState.Parked, At = Time.Milliseconds, Url = "http://x", LatencyMs = 1 });
    }

    private Task<MessageList> ListAsync(string query, int scanLimit)
    {
        var errors = new FieldErrors();
        var parsed = MessageQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)), Node.Registry.Current, null, errors);
        errors.IsEmpty.Should().BeTrue(errors.ToString());
        parsed!.ScanLimit = scanLimit;
        return Node.Get<MessageReader>().ListAsync(parsed, CancellationToken.None);
    }
}
