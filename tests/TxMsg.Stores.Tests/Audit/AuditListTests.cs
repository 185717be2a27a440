using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Audit;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Retention;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Audit;

/// <summary>The audit is read newest first, a bounded page at a time, by whatever is asked for.</summary>
public sealed class AuditListTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task List_PageByPage_ShowsEachOnceNewestFirst()
    {
        var actor = NodeActions.Unique("admin");
        // Some at the same moment, and one that another node's clock put before.
        var times = new[] { 5, 1, 3, 3, 3, 2, 4 };
        await AddAsync(times.Select((seconds, i) => New(actor, AuditActions.CreateKey) with { At = Time.GetUtcNow().AddSeconds(seconds), Detail = $"{i}" }));

        var seen = await PagesAsync(2, ("actor", actor));

        seen.Select(entry => entry.Detail).Should().Equal("0", "6", "4", "3", "2", "5", "1");
    }

    [Test]
    public async Task List_OfATime_BeginsWithItAndEndsBeforeItsEnd()
    {
        var actor = NodeActions.Unique("admin");
        var start = Time.GetUtcNow();
        await AddAsync(Enumerable.Range(0, 10).Select(i => New(actor, AuditActions.CreateKey) with { At = start.AddMilliseconds(i), Detail = $"{i}" }));

        var seen = await PagesAsync(2, ("actor", actor), ("from", $"{start.AddMilliseconds(3):O}"), ("to", $"{start.AddMilliseconds(7):O}"));

        seen.Select(entry => entry.Detail).Should().Equal("6", "5", "4", "3");
        (await PagesAsync(500, ("from", $"{start.AddMilliseconds(3):O}"), ("to", $"{start.AddMilliseconds(7):O}"))).Where(entry => entry.Actor == actor).Should().Equal(seen);
    }

    [Test]
    public async Task List_IsExactAboutCase()
    {
        var actor = NodeActions.Unique("admin");
        await AddAsync([New(actor, AuditActions.CreateKey), New(actor.ToUpperInvariant(), AuditActions.CreateKey)]);

        (await PagesAsync(50, ("actor", actor))).Should().ContainSingle().Which.Actor.Should().Be(actor);
    }

    [Test]
    public async Task List_OfAMessage_ShowsWhatWasDoneToIt_UntilTheMessageGoes()
    {
        var (producer, topic) = (await Node.RegisterProducerAsync(), NodeActions.Unique("topic"));
        var subscription = await Node.SubscribeAsync(topic);
        var message = Messages.New(producer, topic);
        await Node.PrepareAsync(message, Time);
        await Node.Committer.WriteAsync(new VerdictOperation(message.Id, Verdict.Commit, VerdictSource.Operator, Time.GetUtcNow()) { Actor = "admin:1", Reason = "it did" });
        await Node.FinishAsync((await Node.ClaimAsync(subscription, Time)).Single(), DeliveryEvent.DeadLetter, Time);
        Time.Advance(TimeSpan.FromSeconds(1));
        await Node.Get<DeadLetterService>().ApplyAsync(subscription, DeadLetterAction.Discard, null, "admin:2", "hopeless", CancellationToken.None);

        var ofMessage = await PagesAsync(1, ("message", $"{message.Id}"));

        ofMessage.Select(entry => (entry.Action, entry.Actor, entry.Reason, entry.Subscription, entry.MessageId)).Should().Equal(
            ("discard", "admin:2", "hopeless", subscription.Name, message.Id), ("commit", "admin:1", "it did", null, message.Id));
        (await PagesAsync(50, ("subscription", subscription.Name))).Select(entry => entry.Action).Should().Equal("discard", "createSubscription");
        (await PagesAsync(50, ("message", $"{Guid.CreateVersion7()}"))).Should().BeEmpty();

        Time.Advance(TimeSpan.FromDays(30));
        await Node.Get<Purger>().RunAsync(CancellationToken.None);

        (await PagesAsync(50, ("message", $"{message.Id}"))).Should().BeEmpty();
        (await PagesAsync(50, ("subscription", subscription.Name))).Select(entry => entry.Action).Should().Equal(["createSubscription"], "what is about no message stays");
    }

    [Test]
    public async Task List_OfWhatIsNotThere_IsEmpty()
    {
        foreach (var name in new[] { "actor", "producer", "subscription" })
            (await ListAsync((name, NodeActions.Unique("nobody")))).Should().BeEquivalentTo(new AuditEntryList { Items = [] });
    }

    [Test]
    public async Task List_OfFewAmongMany_FindsThemByTheWayThatPassesTheFewest()
    {
        var (bulk, alice) = (NodeActions.Unique("bulk"), NodeActions.Unique("alice"));
        var (busy, quiet) = (await Node.SubscribeAsync("orders"), await Node.SubscribeAsync("orders"));
        await AddAsync([Redelivered(alice, busy), Redelivered(bulk, quiet), Redelivered(alice, quiet)]);
        Time.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(Enumerable.Repeat(Redelivered(bulk, busy), AuditReader.MaxLookedAt + 500));
        Time.Advance(TimeSpan.FromSeconds(1));

        foreach (var (actor, subscription) in new[] { (alice, busy), (bulk, quiet), (alice, quiet) })
        {
            var page = await ListAsync(("actor", actor), ("subscription", subscription.Name), ("action", AuditActions.Redeliver));
            page.NextCursor.Should().BeNull("one way leads past a few rows only");
            page.Items.Should().ContainSingle().Which.Should().Match<AuditEntryResource>(entry => entry.Actor == actor && entry.Subscription == subscription.Name);
        }
    }

    [Test]
    public async Task List_OfFewWhereEveryWayIsLong_StopsInTimeAndGoesOn()
    {
        var (alice, bob) = (NodeActions.Unique("alice"), NodeActions.Unique("bob"));
        var (one, other) = (await Node.SubscribeAsync("orders"), await Node.SubscribeAsync("orders"));
        await AddAsync([Redelivered(alice, one)]);
        Time.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(Enumerable.Range(0, 2 * AuditReader.MaxLookedAt + 1000).Select(i => i % 2 == 0 ? Redelivered(alice, other) : Redelivered(bob, one)));

        var first = await ListAsync(("actor", alice), ("subscription", one.Name), ("limit", "10"));

        (first.Items.Count, first.NextCursor is null).Should().Be((0, false));
        (await PagesAsync(10, ("actor", alice), ("subscription", one.Name))).Should().ContainSingle();
    }

    private static AuditEntry Redelivered(string actor, Subscription subscription) => New(actor, AuditActions.Redeliver) with { SubscriptionId = subscription.Id };

    private static AuditEntry New(string actor, string action) => new() { At = default, Actor = actor, Action = action };

    private Task AddAsync(IEnumerable<AuditEntry> entries) => Node.Database.WriteAsync(async connection =>
    {
        foreach (var entry in entries) await (entry.At == default ? entry with { At = Time.GetUtcNow() } : entry).AddAsync(connection);
    });

    private async Task<IReadOnlyList<AuditEntryResource>> PagesAsync(int limit, params (string Name, string Value)[] query)
    {
        var seen = new List<AuditEntryResource>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await ListAsync([.. query, ("limit", $"{limit}"), ("cursor", cursor)]);
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }

        return seen;
    }

    private Task<AuditEntryList> ListAsync(params (string Name, string Value)[] query)
    {
        var (values, errors) = (new QueryCollection(query.ToDictionary(pair => pair.Name, pair => new StringValues(pair.Value))), new FieldErrors());
        var parsed = AuditQuery.Parse(values, errors);
        errors.ToString().Should().BeEmpty();
        return Node.Get<AuditReader>().ListAsync(parsed!, CancellationToken.None);
    }
}
