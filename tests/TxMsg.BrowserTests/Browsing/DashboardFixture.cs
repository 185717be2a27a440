namespace TxMsg.BrowserTests.Browsing;

/// <summary>A coordinator and visits to its pages. A test fails if the browser complained about anything on any of its visits.</summary>
public abstract class DashboardFixture(StoreKind kind) : CoordinatorFixture(kind)
{
    private readonly List<Visit> visits = [];

    [TearDown]
    public async Task LeaveAsync()
    {
        try
        {
            foreach (var visit in visits) visit.CheckProblems();
        }
        finally
        {
            foreach (var visit in visits) await visit.DisposeAsync();
            visits.Clear();
        }
    }

    /// <summary>Opens a page of the dashboard by its path below <c>/hangfire/txmsg</c>.</summary>
    protected async Task<Visit> OpenAsync(string path, Look? look = null)
    {
        var visit = await Visit.BeginAsync(Coordinator.Address, look ?? Look.Usual);
        visits.Add(visit);
        (await visit.Page.GotoAsync("/hangfire/txmsg" + path))!.Status.Should().BeLessThan(400);
        return visit;
    }

    /// <summary>What holds for every page in every look.</summary>
    protected async Task CheckAsync(string path, Look look)
    {
        var visit = await OpenAsync(path, look);
        await Assertions.Expect(visit.Find("h1")).ToBeVisibleAsync();
        await visit.CheckAccessibilityAsync();
        await visit.CheckWidthAsync();
        (await visit.Find("html").GetAttributeAsync("lang")).Should().Be(look.Language[..2]);
    }
}
