using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using TxMsg.Server.Http;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Transactions;

public sealed class ListTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task List_PageByPage_ShowsEachMessageOnceNewestFirst()
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var ids = new List<Guid>();
        // Several with the same time: the cursor must not skip them.
        for (var i = 0; i < 25; i++)
        {
            if (i % 4 == 0) Time.Advance(TimeSpan.FromMilliseconds(1));
            var message = Messages.New(producer, topic);
            await Node.PrepareAsync(message, Time);
            ids.Insert(0, message.Id);
        }

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await ListAsync($"topic={topic}&limit=7" + (cursor is null ? "" : $"&cursor={cursor}"));
            seen.AddRange(page.Items.Select(item => item.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        seen.Should().Equal(ids);
    }

    [Test]
    public async Task List_ByEachFilter_FindsExactlyWhatMatches()
    {
        var producer = await Node.RegisterProducerAsync();
        var key = NodeActions.Unique("Key");
        var upper = Messages.New(producer, "filters", key: key, tag: "T");
        var lower = Messages.New(producer, "filters", key: key.ToLowerInvariant(), tag: "t");
        await Node.PrepareAsync(upper, Time);
        await Node.PrepareAsync(lower, Time);
        await Node.DecideAsync(lower.Id, Verdict.Rollback, Time);
        await AssertListAsync($"key={key}", upper);
        await AssertListAsync($"key={key.ToLowerInvariant()}", lower);
        await AssertListAsync($"producer={producer.Name}", lower, upper);
        await AssertListAsync($"producer={producer.Name}&tag=t", lower);
        await AssertListAsync($"producer={producer.Name}&state=prepared", upper);
        await AssertListAsync($"producer={producer.Name}&state=parked");
        await AssertListAsync($"producer={producer.Name}&state=rolledBack", lower);
        await AssertListAsync($"key={key}&state=prepared", upper);
        await AssertListAsync("topic=Filters");
        await AssertListAsync($"producer={producer.Name}&from=2200-01-01T00:00:00Z");
    }

    [Test]
    public async Task Names_ThatDifferInCase_AreDifferent()
    {
        var name = NodeActions.Unique("Name");
        var upper = await Node.RegisterProducerAsync(name);
        var lower = await Node.RegisterProducerAsync(name.ToLowerInvariant());
        lower.Id.Should().NotBe(upper.Id);
    }

    private async Task AssertListAsync(string query, params NewMessage[] expected) =>
        (await ListAsync(query)).Items.Select(item => item.Id).Should().BeEquivalentTo(expected.Select(message => message.Id), query);

    private Task<Contracts.Messages.MessageList> ListAsync(string query)
    {
        var errors = new FieldErrors();
        var parsed = MessageQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)), Node.Registry.Current, null, errors);
        errors.IsEmpty.Should().BeTrue();
        return Node.Get<MessageReader>().ListAsync(parsed!, CancellationToken.None);
    }
}
