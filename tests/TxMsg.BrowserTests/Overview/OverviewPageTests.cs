using System.Text.RegularExpressions;

namespace TxMsg.BrowserTests.Overview;

public sealed partial class OverviewPageTests(StoreKind store) : DashboardFixture(store)
{
    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task Page_HoldsInEveryLook(Look look)
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("looked.at"));
        await producer.SendAsync(consumer.Topic);

        await CheckAsync("", look);
    }

    [Test]
    public async Task Dashboard_BeginsWithTheOverview()
    {
        var visit = await OpenAsync("/../../hangfire");

        await Assertions.Expect(visit.Find("h1")).ToHaveTextAsync("Overview");
    }

    [Test]
    public async Task Counts_FollowWhatHappens_WithoutAReload()
    {
        var producer = await RegisterProducerAsync();
        var visit = await OpenAsync("");
        var before = await CountAsync(visit, MessageStates.Prepared);

        await producer.PrepareAsync(Unique.Name("counted"));

        await Assertions.Expect(visit.Find($"[data-card={MessageStates.Prepared}] strong")).ToHaveTextAsync($"{before + 1}", new() { Timeout = 30_000 });
    }

    [Test]
    public async Task Table_ThatWasClickedAndScrolled_GoesOn_AndStaysWhereItWas()
    {
        var consumer = await SubscribeAsync(Unique.Name("clicked"));
        var visit = await OpenAsync("", new Look(ColorScheme.Light, 390, "en-GB"));
        var table = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Backlog by subscription" });
        await table.Locator("th").First.ClickAsync();
        await table.EvaluateAsync("table => table.scrollLeft = 150");

        (await Api.PostAsync($"/v1/subscriptions/{consumer.Subscription}/pause")).Expect(200);

        var row = table.Locator("tr", new() { HasText = consumer.Subscription });
        await Assertions.Expect(row.Locator("[data-state=paused]")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        (await table.EvaluateAsync<int>("table => table.scrollLeft")).Should().Be(150);
        await Assertions.Expect(table).ToBeFocusedAsync();
    }

    [Test]
    public async Task Text_ThatIsBeingMarked_IsLeftAlone_UntilItIsNot()
    {
        var producer = await RegisterProducerAsync();
        var visit = await OpenAsync("");
        var count = visit.Find($"[data-card={MessageStates.Prepared}] strong");
        var before = await CountAsync(visit, MessageStates.Prepared);
        await count.EvaluateAsync("count => getSelection().selectAllChildren(count)");
        await producer.PrepareAsync(Unique.Name("marked"));

        // The parts of the page are due together: when the other one has the new answer, this one has left it.
        await visit.Page.RunAndWaitForResponseAsync(() => Task.CompletedTask, response => response.Url.EndsWith("/hangfire/txmsg", StringComparison.Ordinal));
        (await visit.Page.EvaluateAsync<string>("getSelection().toString()")).Should().Be($"{before}");

        await visit.Page.EvaluateAsync("getSelection().removeAllRanges()");
        await Assertions.Expect(count).ToHaveTextAsync($"{before + 1}", new() { Timeout = 30_000 });
    }

    [Test]
    public async Task Charts_AreDrawn_ForTheHourAndTheDay()
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("charted"));
        await producer.SendAsync(consumer.Topic);
        var visit = await OpenAsync("");

        await Assertions.Expect(visit.Find("[data-chart][data-drawn]")).ToHaveCountAsync(3);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "last day" }).ClickAsync();

        await Assertions.Expect(visit.Find("[data-chart*='1440'][data-drawn]")).ToHaveCountAsync(3);
        (await visit.Find("[data-chart] canvas").CountAsync()).Should().Be(3);
    }

    [Test]
    public async Task Alert_LeadsToWhereItIsMended()
    {
        var producer = await RegisterProducerAsync();
        var consumer = await SubscribeAsync(Unique.Name("alerted"), subscription => subscription with { RetryScheduleSeconds = [] });
        consumer.Inbox.AnswerWith(new Answer(422));
        var id = await producer.SendAsync(consumer.Topic);
        await WaitForDeliveryAsync(id, consumer, DeliveryStates.DeadLettered);
        var visit = await OpenAsync("");

        var link = visit.Find(".txmsg-alert").GetByRole(AriaRole.Link, new() { Name = consumer.Subscription });

        await Assertions.Expect(link).ToBeVisibleAsync(new() { Timeout = 30_000 });
        (await link.GetAttributeAsync("href")).Should().EndWith($"/dead-letters?subscription={consumer.Subscription}");
    }

    [Test]
    public async Task Nodes_AreListedWithTheirHeartbeat()
    {
        var visit = await OpenAsync("");

        await Assertions.Expect(visit.Find("#overview-rows [data-state=alive]")).ToHaveCountAsync(1);
    }

    [Test]
    public async Task Server_ThatIsAway_IsSaid_UntilItIsBack()
    {
        var visit = await OpenAsync("");
        visit.ExpectAbsence();
        // Between two requests: what a connection that is cut in the middle of one is called depends on the moment.
        await visit.Page.WaitForResponseAsync(response => response.Url.EndsWith("/hangfire/stats", StringComparison.Ordinal));

        await Coordinator.KillAsync();
        await Assertions.Expect(visit.Find("#overview")).ToHaveAttributeAsync("data-stale", new Regex("not up to date", RegexOptions.IgnoreCase), new() { Timeout = 30_000 });

        await Coordinator.StartAsync();
        await Assertions.Expect(visit.Find("#overview")).Not.ToHaveAttributeAsync("data-stale", new Regex(".*"), new() { Timeout = 60_000 });
    }

    private static async Task<int> CountAsync(Visit visit, string state) => int.Parse(NoDigit().Replace(await visit.Find($"[data-card={state}] strong").InnerTextAsync(), ""));

    [GeneratedRegex("[^0-9]")]
    private static partial Regex NoDigit();
}
