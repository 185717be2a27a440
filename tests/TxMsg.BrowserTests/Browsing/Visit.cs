using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace TxMsg.BrowserTests.Browsing;

/// <summary>A page in a browser, and everything that went wrong on it: errors in the console, requests to other hosts, failed requests.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly List<string> problems = [];
    private readonly HashSet<string> expected = [];
    private readonly IBrowserContext context;
    private bool isAbsenceExpected;

    private Visit(IBrowserContext context, IPage page, Uri home)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console {message.Type}: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.Request += (_, request) => Note(!IsOwn(request.Url, home), $"request to another host: {request.Url}");
        page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Request.Method} {new Uri(response.Url).AbsolutePath}");
        page.Dialog += (_, dialog) => Note(true, $"a dialog of the browser, as scripts open them: {dialog.Message}");
    }

    public IPage Page { get; }

    /// <summary>Begins in a fresh browser, or in one with the cookies of an earlier visit.</summary>
    public static async Task<Visit> BeginAsync(Uri home, Look look, string? cookies = null)
    {
        var context = await Chromium.Browser.NewContextAsync(new()
        {
            BaseURL = home.ToString(),
            ColorScheme = look.Scheme,
            Locale = look.Language,
            ViewportSize = new() { Width = look.Width, Height = 1000 },
            TimezoneId = "Asia/Shanghai",
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = cookies,
        });
        return new Visit(context, await context.NewPageAsync(), home);
    }

    /// <summary>A failure that the test provokes: an answer by its status, method and path; the console repeats it.</summary>
    public void Expect(int status, string method, string path) => expected.Add($"{status} {method} {path}");

    /// <summary>The server goes away for a while: what fails for want of it is no problem of the page.</summary>
    public void ExpectAbsence() => isAbsenceExpected = true;

    public ILocator Find(string selector) => Page.Locator(selector);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Dialog => Find("#txmsg-dialog");

    /// <summary>Fills in the sign-in page that is shown.</summary>
    public async Task SignInAsync(string key)
    {
        await Page.GetByLabel("Admin key").FillAsync(key);
        await Button("Sign in").ClickAsync();
    }

    /// <summary>What a later visit needs to be signed in as this one is.</summary>
    public Task<string> CookiesAsync() => context.StorageStateAsync();

    /// <summary>Presses a button of the page, gives a reason in its dialog, and confirms.</summary>
    public async Task ActAsync(string button, string? reason)
    {
        await Button(button).First.ClickAsync();
        await Assertions.Expect(Dialog).ToBeVisibleAsync();
        if (reason is not null) await Dialog.Locator("#txmsg-dialog-reason").FillAsync(reason);
        await Dialog.Locator("[data-dialog=confirm]").ClickAsync();
    }

    /// <summary>Fails on anything that readers with disabilities could not use.</summary>
    public async Task CheckAccessibilityAsync()
    {
        var result = await Page.RunAxe();
        result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id} ({violation.Impact}): {string.Join(" | ", violation.Nodes.Select(node => node.Html).Take(3))}; {violation.Nodes[0].Any.FirstOrDefault()?.Message}")
            .Should().BeEmpty();
    }

    /// <summary>Fails if the page can be scrolled sideways, as on a narrow screen where something does not fit.</summary>
    public async Task CheckWidthAsync() =>
        (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).Should().BeLessThanOrEqualTo(1, "nothing sticks out of the page");

    public void CheckProblems() => problems.Should().BeEmpty("the browser has nothing to complain about");

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private static bool IsOwn(string url, Uri home) => url.StartsWith(home.ToString(), StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal);

    private void Note(bool isProblem, string problem)
    {
        if (!isProblem || expected.Contains(problem)) return;
        if (isAbsenceExpected && problem.Contains("ERR_CONNECTION", StringComparison.Ordinal)) return;
        // The console repeats every failed request without saying which.
        if (expected.Count > 0 && problem.Contains("Failed to load resource", StringComparison.Ordinal)) return;
        lock (problems) problems.Add(problem);
    }
}
