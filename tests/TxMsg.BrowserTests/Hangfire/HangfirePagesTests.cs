namespace TxMsg.BrowserTests.Hangfire;

/// <summary>Hangfire's own pages, under the rules that hold for all: nothing from elsewhere, nothing for viewers to change.</summary>
public sealed class HangfirePagesTests(StoreKind store) : KeyedDashboardFixture(store)
{
    private const string Commands = ".js-jobs-list-command, [data-ajax]";

    private static readonly string[] Paths =
        ["/?jobs", "/jobs/enqueued", "/jobs/processing", "/jobs/scheduled", "/jobs/succeeded", "/jobs/failed", "/jobs/deleted", "/jobs/awaiting", "/retries", "/recurring", "/servers"];

    [TestCaseSource(nameof(Paths))]
    public async Task Page_WorksForOperatorsAndViewers(string path)
    {
        foreach (var key in new[] { OperatorKey, ViewerKey })
        {
            var visit = await VisitAsAsync(key, "/hangfire" + path);
            await Assertions.Expect(visit.Find("h1").First).ToBeVisibleAsync();
            // The numbers in its menu come by a call of its own, two seconds later.
            await visit.Page.WaitForResponseAsync(response => response.Url.EndsWith("/hangfire/stats", StringComparison.Ordinal) && response.Status == 200);
            await Assertions.Expect(visit.Find("#errorAlert")).ToBeHiddenAsync();
            if (key == ViewerKey) (await visit.Find(Commands).CountAsync()).Should().Be(0, "a viewer changes nothing");
        }
    }

    [Test]
    public async Task Home_IsReachedFromTheMenu_AndDrawsItsCharts()
    {
        var visit = await OpenAsync("");

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Background jobs (Hangfire)" }).ClickAsync();

        await Assertions.Expect(visit.Find("#realtimeGraph")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Find("#historyGraph")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Job_ShowsItsDetails()
    {
        foreach (var key in new[] { OperatorKey, ViewerKey })
        {
            var visit = await VisitAsAsync(key, "/hangfire/jobs/succeeded");
            // The schedule does something every second.
            while (await visit.Find("a[href*='/jobs/details/']").CountAsync() == 0) await visit.Page.ReloadAsync();

            await visit.Find("a[href*='/jobs/details/']").First.ClickAsync();

            await Assertions.Expect(visit.Find(".job-snippet")).ToBeVisibleAsync();
            await Assertions.Expect(visit.Find("h1").First).ToBeVisibleAsync();
            if (key == ViewerKey) (await visit.Find(Commands).CountAsync()).Should().Be(0, "a viewer changes nothing");
        }
    }

    [TestCase("/hangfire")]
    [TestCase("/hangfire/")]
    public async Task Dashboard_BeginsWithTheOverview(string path)
    {
        var visit = await VisitAsync(path);

        await Assertions.Expect(visit.Find("h1")).ToContainTextAsync("Overview");
        await Assertions.Expect(visit.Find("[aria-current=page]")).ToHaveTextAsync("Overview");
    }

    [Test]
    public async Task Operator_TriggersARecurringJob()
    {
        var visit = await VisitAsAsync(OperatorKey, "/hangfire/recurring");

        await visit.Find("input.js-jobs-list-checkbox").First.CheckAsync();
        var answer = await visit.Page.RunAndWaitForResponseAsync(
            () => visit.Find(".js-jobs-list-command").First.ClickAsync(), response => response.Url.EndsWith("/recurring/trigger", StringComparison.Ordinal));

        answer.Status.Should().Be(204);
        await Assertions.Expect(visit.Find("[data-url$='/recurring/remove']")).ToBeHiddenAsync();
    }
}
