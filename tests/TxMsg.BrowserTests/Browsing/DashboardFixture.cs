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
    protected Task<Visit> OpenAsync(string path, Look? look = null) => VisitAsync("/hangfire/txmsg" + path, look);

    /// <summary>Opens any page by its path.</summary>
    protected async Task<Visit> VisitAsync(string path, Look? look = null, string? cookies = null)
    {
        var visit = await Visit.BeginAsync(Coordinator.Address, look ?? Look.Usual, cookies ?? await CookiesAsync());
        visits.Add(visit);
        (await visit.Page.GotoAsync(path))!.Status.Should().BeLessThan(400);
        return visit;
    }

    /// <summary>The cookies that a browser comes with; none where nobody signs in.</summary>
    protected virtual Task<string?> CookiesAsync() => Task.FromResult<string?>(null);

    /// <summary>What holds for every page in every look.</summary>
    protected async Task CheckAsync(string path, Look look)
    {
        var visit = await OpenAsync(path, look);
        await CheckAsync(visit, look);
    }

    /// <summary>What holds for the page of this visit.</summary>
    protected static async Task CheckAsync(Visit visit, Look look)
    {
        await Assertions.Expect(visit.Find("h1")).ToBeVisibleAsync();
        if (look.IsCheckedForAccessibility) await visit.CheckAccessibilityAsync();
        await visit.CheckWidthAsync();
        (await visit.Find("html").GetAttributeAsync("lang")).Should().Be(look.Language[..2]);
        (await visit.Find("body").InnerTextAsync()).Any(IsChinese).Should().Be(look.Language.StartsWith("zh", StringComparison.Ordinal), "the texts are in the reader's language");
    }

    private static bool IsChinese(char letter) => letter is >= '\u4e00' and <= '\u9fff';
}
