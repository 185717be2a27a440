using System.Text.RegularExpressions;

namespace TxMsg.BrowserTests.DeadLetters;

public sealed class DeadLettersPageTests(StoreKind store) : DashboardFixture(store)
{
    // Without digits: a group has none.
    private const string Script = "<script>alert()</script><img src=x onerror=alert()>\u202Egnihton\u202C";

    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Pages_HoldInEveryLook(Look look)
    {
        var dead = await DieAsync(3, turn => new Answer(422) { Body = turn == 0 ? Script : "closed" });

        await CheckAsync("/dead-letters", look);
        await CheckAsync($"/dead-letters?subscription={dead.Consumer.Subscription}", look);
        await CheckAsync($"/dead-letters?subscription={dead.Consumer.Subscription}&status=422", look);
        await CheckAsync("/dead-letters?status=422", look);
    }

    [Test]
    public async Task Groups_LeadToTheirLists()
    {
        var dead = await DieAsync(5, turn => new Answer(422) { Body = turn < 2 ? "closed" : $"order {turn} is unknown" });
        var visit = await OpenAsync("/dead-letters");

        await SeesAsync(visit, dead.Consumer.Subscription, 5);
        var group = visit.Find($"tr[data-group*='order # is unknown']").Filter(new() { HasText = dead.Consumer.Subscription });
        await Assertions.Expect(group.Locator("td").First).ToHaveTextAsync("3");
        await Assertions.Expect(group.Locator(".txmsg-id a")).ToHaveTextAsync(new Regex(string.Join('|', dead.Ids)));
        await group.Locator(".txmsg-error a").ClickAsync();

        await Assertions.Expect(visit.Find("tbody tr")).ToHaveCountAsync(3);
        await Assertions.Expect(visit.Page.GetByLabel("Error")).ToHaveValueAsync("the receiver answered 422: order # is unknown");
        await Assertions.Expect(visit.Page.GetByLabel("Status")).ToHaveValueAsync("422");
    }

    [Test]
    public async Task Subscription_ShowsItsGroupsAndItsDeadLetters_WhichLeadToTheirMessages()
    {
        var dead = await DieAsync(4, turn => new Answer(422) { Body = turn % 2 == 0 ? "closed" : "unknown" });
        var visit = await OpenAsync($"/dead-letters?subscription={dead.Consumer.Subscription}");

        await Assertions.Expect(visit.Find("tr[data-group]")).ToHaveCountAsync(2);
        await Assertions.Expect(visit.Find("input[data-select-row]")).ToHaveCountAsync(4);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = dead.Ids[0] }).Last.ClickAsync();

        await Assertions.Expect(visit.Find("h1")).ToContainTextAsync(dead.Ids[0]);
    }

    [Test]
    public async Task Pages_ShowEveryOneOnce()
    {
        var dead = await DieAsync(5);
        var visit = await OpenAsync($"/dead-letters?subscription={dead.Consumer.Subscription}&limit=2");

        var seen = new List<string>();
        for (var more = true; more;)
        {
            seen.AddRange(await visit.Find("td.txmsg-id a").AllInnerTextsAsync());
            more = await visit.Find("a[rel=next]").CountAsync() > 0;
            if (more) await visit.Find("a[rel=next]").ClickAsync();
        }

        seen.Should().BeEquivalentTo(dead.Ids);
        await Assertions.Expect(visit.Find("a[rel=first]")).ToHaveTextAsync("Oldest");
    }

    [Test]
    public async Task OverAllSubscriptions_OneCanBeActedOn_ButNotAll()
    {
        var dead = await DieAsync(1, _ => new Answer(422) { Body = "nowhere else" });
        var visit = await OpenAsync($"/dead-letters?error={Uri.EscapeDataString("the receiver answered 422: nowhere else")}");

        await Assertions.Expect(visit.Find("tbody tr").Filter(new() { HasText = dead.Ids[0] })).ToContainTextAsync(dead.Consumer.Subscription);
        await Assertions.Expect(visit.Find("main")).ToContainTextAsync("Choose a subscription");
        await Assertions.Expect(visit.Find("input[data-select-row]")).ToHaveCountAsync(0);
        await Assertions.Expect(visit.Button("Redeliver all that match")).ToHaveCountAsync(0);
    }

    [TestCase("subscription", "nobody")]
    [TestCase("status", "many")]
    [TestCase("cursor", "x")]
    public async Task Filter_ThatIsWrong_NamesTheField(string field, string value)
    {
        var visit = await OpenAsync($"/dead-letters?{field}={value}");

        await Assertions.Expect(visit.Find("main .alert-danger:visible")).ToContainTextAsync(field);
    }

    [Test]
    public async Task NoneLeft_IsSaid()
    {
        var consumer = await SubscribeAsync(Unique.Name("well"));

        var visit = await OpenAsync($"/dead-letters?subscription={consumer.Subscription}");

        await Assertions.Expect(visit.Find("main")).ToContainTextAsync("There is nothing here.");
        await Assertions.Expect(visit.Find("[data-select-all]")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task ForeignText_IsShownAsText()
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("hostile"));
        consumer.Inbox.AnswerWith(new Answer(422) { Body = Script + new string('x', 20_000) });
        var id = await producer.SendAsync(consumer.Topic, message => message with { Key = Script });
        await WaitForDeliveryAsync(id, consumer, DeliveryStates.DeadLettered);

        var visit = await OpenAsync($"/dead-letters?subscription={consumer.Subscription}");
        await Assertions.Expect(visit.Find("tbody tr")).ToContainTextAsync("onerror=alert()");
        await visit.CheckWidthAsync();
        await visit.Page.GotoAsync("/hangfire/txmsg/dead-letters");
        await SeesAsync(visit, consumer.Subscription, 1);

        var group = visit.Find("tr[data-group*='<script>']").Filter(new() { HasText = consumer.Subscription });
        await Assertions.Expect(group).ToContainTextAsync(Script[..^1]);
        await group.Locator(".txmsg-error a").ClickAsync();
        await Assertions.Expect(visit.Find("tbody tr")).ToHaveCountAsync(1);
        await visit.Button("Discard all that match").ClickAsync();
        await Assertions.Expect(visit.Dialog).ToContainTextAsync("<script>alert()</script>");
        (await visit.Find("main img, main script, dialog img, dialog script").CountAsync()).Should().Be(0);
        await visit.CheckWidthAsync();
    }

    // What is counted is read once for a few seconds.
    private static Task SeesAsync(Visit visit, string subscription, int count) => Eventually.HoldsAsync(async () =>
    {
        await visit.Page.ReloadAsync();
        (await visit.Find($"[data-total='{subscription}']").AllInnerTextsAsync()).Should().Equal(FormattableString.Invariant($"{count}"));
    });

    private async Task<DeadConsumer> DieAsync(int count, Func<int, Answer>? answer = null) =>
        await DeadConsumer.MakeAsync(Api, await RegisterProducerAsync(), await SubscribeAsync(Unique.Name("dead")), count, answer);
}
