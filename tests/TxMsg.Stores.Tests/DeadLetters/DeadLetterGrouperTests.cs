using TxMsg.Contracts.Operations;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Stores.Tests.BulkActions;

namespace TxMsg.Stores.Tests.DeadLetters;

public sealed class DeadLetterGrouperTests(StoreProvider provider) : BulkFixture(provider)
{
    [Test]
    public async Task Groups_PutEqualFailuresTogether()
    {
        var (subscription, ids) = await KillAsync(
            30, place => place < 20 ? $"the receiver answered 422: order {place} of {Guid.NewGuid()} is unknown" : "connecting failed", place => place < 20 ? 422 : 0);

        var groups = await Node.Get<DeadLetterGrouper>().ReadNowAsync(subscription.Id);

        groups.IsComplete.Should().BeTrue();
        groups.Subscriptions.Should().Equal(new DeadLetterTotal { Subscription = subscription.Name, Count = 30, Grouped = 30 });
        groups.Items.Select(group => (group.Error, group.Count, group.LastStatus)).Should().Equal(
            ("the receiver answered 422: order # of # is unknown", 20, 422), ("connecting failed", 10, 0));
        groups.Items[0].ExampleMessageId.Should().Be(ids[19]);
        groups.Items.Should().OnlyContain(group => group.OldestAt <= group.NewestAt && group.NewestAt <= Time.GetUtcNow());
    }

    [Test]
    public async Task List_OfAGroup_FindsItsDeadLetters_PageByPage()
    {
        var (subscription, ids) = await KillAsync(700, place => place % 100 == 99 ? $"rare {place}" : $"often {place}");
        var seen = new List<Guid>();
        long after = 0;
        while (true)
        {
            var page = await Node.Get<DeadLetterService>().ListAsync(subscription, new DeadLetterFilter("rare 5", null), after, 3, CancellationToken.None);
            seen.AddRange(page.Items.Select(item => item.MessageId));
            page.Items.Where(item => !item.LastError!.StartsWith("rare", StringComparison.Ordinal)).Should().BeEmpty();
            if (page.NextCursor is null) break;
            page.SearchedTo.Should().NotBeNull();
            Server.Transactions.MessageCursor.TryParse(page.NextCursor, out var cursor).Should().BeTrue();
            after = cursor.Seq;
        }

        seen.Should().Equal(ids.Where((_, place) => place % 100 == 99));
    }

    [Test]
    public async Task List_OfAStatus_FindsThatStatusAlone()
    {
        var (subscription, ids) = await KillAsync(6, status: place => place % 2 == 0 ? 500 : 503);
        var page = await Node.Get<DeadLetterService>().ListAsync(subscription, new DeadLetterFilter(null, 503), 0, 50, CancellationToken.None);
        page.Items.Select(item => item.MessageId).Should().Equal(ids.Where((_, place) => place % 2 == 1));
        page.NextCursor.Should().BeNull();
    }

    [Test]
    public async Task List_OfEverySubscription_IsInOneOrder()
    {
        var (one, _) = await KillAsync(5);
        var (two, _) = await KillAsync(5);
        var seen = new List<DeadLetterResource>();
        long after = 0;
        do
        {
            var page = await Node.Get<DeadLetterService>().ListAsync(null, DeadLetterFilter.None, after, 4, CancellationToken.None);
            seen.AddRange(page.Items);
            if (!Server.Transactions.MessageCursor.TryParse(page.NextCursor ?? "", out var cursor)) break;
            after = cursor.Seq;
        }
        while (true);

        seen.Select(item => (item.MessageId, item.Subscription)).Should().OnlyHaveUniqueItems();
        seen.Count(item => item.Subscription == one.Name).Should().Be(5);
        seen.Count(item => item.Subscription == two.Name).Should().Be(5);
    }

    [Test]
    public async Task Groups_OfAll_CountEverySubscription_AndAreKeptForAMoment()
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        var (first, _) = await KillAsync(1);
        var before = await Node.Get<DeadLetterGrouper>().ReadAsync(null, CancellationToken.None);
        var (second, _) = await KillAsync(1);
        (await Node.Get<DeadLetterGrouper>().ReadAsync(null, CancellationToken.None)).Should().BeSameAs(before);
        before.Subscriptions.Select(total => total.Subscription).Should().Contain(first.Name).And.NotContain(second.Name);
        Time.Advance(TimeSpan.FromSeconds(10));
        (await Node.Get<DeadLetterGrouper>().ReadAsync(null, CancellationToken.None)).Subscriptions.Select(total => total.Subscription).Should().Contain(second.Name);
    }
}
