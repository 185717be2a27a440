namespace TxMsg.BrowserTests.Browsing;

/// <summary>A coordinator that asks everybody for a key, and people who have signed in with theirs. Visits are those of an operator
/// unless a test says otherwise.</summary>
public abstract class KeyedDashboardFixture(StoreKind kind) : DashboardFixture(kind)
{
    private readonly string adminKey = Unique.Name("admin") + Guid.NewGuid().ToString("N");
    private readonly Dictionary<string, string> cookies = [];

    /// <summary>The key of an operator, called Olga.</summary>
    protected string OperatorKey { get; private set; } = "";

    /// <summary>The key of a viewer, called Victor.</summary>
    protected string ViewerKey { get; private set; } = "";

    protected override string AdminKey => adminKey;

    [OneTimeSetUp]
    public async Task MakeTheKeysAsync()
    {
        (_, OperatorKey) = await Api.CreateAdminKeyAsync("operator", "Olga");
        (_, ViewerKey) = await Api.CreateAdminKeyAsync("viewer", "Victor");
    }

    protected override Settings Configure(Settings settings) => settings.RequiringKeys(adminKey);

    /// <summary>Opens a page of the dashboard as the holder of a key.</summary>
    protected async Task<Visit> OpenAsAsync(string key, string path, Look? look = null) => await VisitAsync("/hangfire/txmsg" + path, look, await CookiesAsync(key));

    /// <summary>Opens any page as the holder of a key.</summary>
    protected async Task<Visit> VisitAsAsync(string key, string path, Look? look = null) => await VisitAsync(path, look, await CookiesAsync(key));

    protected override async Task<string?> CookiesAsync() => await CookiesAsync(OperatorKey);

    // By the real page, once for each key: the server counts how often somebody tries.
    private async Task<string> CookiesAsync(string key)
    {
        if (cookies.TryGetValue(key, out var known)) return known;
        await using var visit = await Visit.BeginAsync(Coordinator.Address, Look.Usual);
        await visit.Page.GotoAsync("/sign-in");
        await visit.SignInAsync(key);
        await Assertions.Expect(visit.Find("h1")).ToContainTextAsync("Overview");
        return cookies[key] = await visit.CookiesAsync();
    }
}
