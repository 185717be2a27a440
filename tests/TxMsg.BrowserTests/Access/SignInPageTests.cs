namespace TxMsg.BrowserTests.Access;

public sealed class SignInPageTests(StoreKind store) : KeyedDashboardFixture(store)
{
    private const string NoCookies = """{"cookies":[],"origins":[]}""";

    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task SignIn_HoldsInEveryLook(Look look) => await CheckAsync(await VisitAsync("/sign-in", look, NoCookies), look);

    [TestCaseSource(typeof(Look), nameof(Look.All))]
    public async Task SignOut_HoldsInEveryLook(Look look) => await CheckAsync(await VisitAsync("/sign-out", look, NoCookies), look);

    [Test]
    public async Task SignIn_LeadsToThePageThatWasAskedFor()
    {
        var visit = await VisitAsync("/hangfire/txmsg/messages?topic=orders", cookies: NoCookies);

        await visit.SignInAsync(OperatorKey);

        await Assertions.Expect(visit.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/hangfire/txmsg/messages\\?topic=orders$"));
        await Assertions.Expect(visit.Find("h1")).ToContainTextAsync("Messages");
    }

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task AWrongKey_IsExplained(ColorScheme scheme)
    {
        var visit = await VisitAsync("/sign-in", Look.Usual with { Scheme = scheme }, NoCookies);
        visit.Expect(403, "POST", "/sign-in");

        await visit.SignInAsync("a-wrong-key-of-somebody");

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not an admin key.");
        await visit.CheckAccessibilityAsync();
        await Assertions.Expect(visit.Page.GetByLabel("Admin key")).ToBeEmptyAsync();
    }

    [Test]
    public async Task AWrongKey_IsExplainedInTheBrowsersLanguage()
    {
        var visit = await VisitAsync("/sign-in", Look.Usual with { Language = "zh-CN" }, NoCookies);
        visit.Expect(403, "POST", "/sign-in");

        await visit.Page.GetByLabel("管理密钥").FillAsync("a-wrong-key-of-somebody");
        await visit.Button("登录").ClickAsync();

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("这不是管理密钥");
    }

    [Test]
    public async Task SigningOut_FromTheMenu_EndsTheSession()
    {
        var visit = await VisitAsync("/sign-in", cookies: NoCookies);
        await visit.SignInAsync(ViewerKey);

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign out" }).ClickAsync();
        await visit.Button("Sign out").ClickAsync();

        await Assertions.Expect(visit.Button("Sign in")).ToBeVisibleAsync();
        await visit.Page.GotoAsync("/hangfire/txmsg/messages");
        await Assertions.Expect(visit.Button("Sign in")).ToBeVisibleAsync();
    }
}
