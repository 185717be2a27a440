using System.Net;
using System.Text.RegularExpressions;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

public sealed partial class SignInTests
{
    private static readonly (string, string) AsBrowser = ("Accept", "text/html,*/*");
    private TestFolder folder = null!;
    private RunningServer server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, RunningServer.WithKeys);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task ABrowser_IsSentToSignInAndBack()
    {
        using var refused = await server.SendAsync("GET", "/hangfire/recurring?from=0", headers: AsBrowser);
        refused.StatusCode.Should().Be(HttpStatusCode.Redirect);
        var page = refused.Headers.Location!.OriginalString;
        page.Should().Be("/sign-in?returnUrl=%2Fhangfire%2Frecurring%3Ffrom%3D0");

        using var signedIn = await SignInAsync(RunningServer.AdminKey, page);

        signedIn.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        signedIn.Headers.Location!.OriginalString.Should().Be("/hangfire/recurring?from=0");
        CookieOf(signedIn).Should().Contain("httponly").And.Contain("samesite=strict");
        (await StatusAsync("/hangfire")).Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task TheCookie_OpensTheDashboardAndWhatItsPagesCall()
    {
        (await StatusAsync("/v1/producers")).Should().Be(HttpStatusCode.Unauthorized, "only a page is sent to sign in");
        using var signedIn = await SignInAsync(RunningServer.AdminKey);

        (await StatusAsync("/hangfire")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("/v1/producers")).Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task TheDashboard_LeadsBackToNoPageThatIsNotThere()
    {
        using var dashboard = await server.SendAsync("GET", "/hangfire", RunningServer.AdminKey, headers: AsBrowser);

        dashboard.StatusCode.Should().Be(HttpStatusCode.OK);
        (await dashboard.Content.ReadAsStringAsync()).Should().Contain("/hangfire/recurring").And.NotContain("Back to site").And.NotContain("href=\"/\"");
    }

    [TestCase("application/x-www-form-urlencoded", 3_000)]
    [TestCase("application/x-www-form-urlencoded", 200_000)]
    [TestCase("application/x-www-form-urlencoded; charset=utf-7", 3)]
    [TestCase("multipart/form-data", 3)]
    [TestCase("multipart/form-data; boundary=x", 3)]
    [TestCase("text/plain", 3)]
    public async Task AFormThatIsNone_IsRefusedOnThePage(string type, int length)
    {
        foreach (var (path, status) in new[] { ("/sign-in", HttpStatusCode.BadRequest), ("/sign-out", HttpStatusCode.SeeOther) })
        {
            using var content = new StringContent(new string('a', length));
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var response = await server.Http.PostAsync(path, content);

            response.StatusCode.Should().Be(status, path);
        }
    }

    [Test]
    public async Task AWrongKey_IsRefusedOnThePage()
    {
        using var response = await SignInAsync("a-wrong-key-of-somebody");

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync()).Should().Contain("This is not an admin key.").And.NotContain("a-wrong-key");
        (await StatusAsync("/hangfire")).Should().Be(HttpStatusCode.Redirect);
    }

    [Test]
    public async Task AProducersKey_SignsNobodyIn()
    {
        await server.JsonAsync("PUT", "/v1/producers/shop", RunningServer.AdminKey, """{"checkBackUrl":"http://127.0.0.1:9/"}""");
        var key = (string)(await server.JsonAsync("POST", "/v1/producers/shop/keys", RunningServer.AdminKey))["key"]!;

        using var response = await SignInAsync(key);

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task AForm_WithoutItsToken_IsRefused()
    {
        using var response = await PostAsync("/sign-in", ("key", RunningServer.AdminKey));

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await StatusAsync("/hangfire")).Should().Be(HttpStatusCode.Redirect);
    }

    [Test]
    public async Task SigningOut_EndsIt()
    {
        using var signedIn = await SignInAsync(RunningServer.AdminKey);
        var token = await TokenAsync("/sign-out");

        using var signedOut = await PostAsync("/sign-out", ("__RequestVerificationToken", token));

        signedOut.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        (await StatusAsync("/hangfire")).Should().Be(HttpStatusCode.Redirect);
    }

    [Test]
    public async Task ADeletedKey_EndsWhatWasSignedInWithIt()
    {
        var made = await server.JsonAsync("POST", "/v1/admin-keys", RunningServer.AdminKey);
        using var signedIn = await SignInAsync((string)made["key"]!);
        (await StatusAsync("/hangfire")).Should().Be(HttpStatusCode.OK);

        using var deleted = await server.SendAsync("DELETE", $"/v1/admin-keys/{(string)made["keyId"]!}", RunningServer.AdminKey);

        (await StatusAsync("/hangfire")).Should().Be(HttpStatusCode.Redirect);
    }

    [Test]
    public async Task Guessing_IsSlowedDown()
    {
        for (var i = 0; i < 10; i++) (await PostAsync("/sign-in", ("key", "guess"))).Dispose();

        using var response = await SignInAsync(RunningServer.AdminKey);

        response.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task ThePage_LoadsNothingFromElsewhere()
    {
        using var page = await server.SendAsync("GET", "/sign-in");

        page.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'none'");
        page.Headers.GetValues("X-Frame-Options").Single().Should().Be("DENY");
        (await page.Content.ReadAsStringAsync()).Should().NotContain("http").And.NotContain("<script");
    }

    private async Task<HttpResponseMessage> SignInAsync(string key, string page = "/sign-in")
    {
        using var response = await server.SendAsync("GET", page);
        var html = await response.Content.ReadAsStringAsync();
        return await PostAsync("/sign-in", ("__RequestVerificationToken", Token().Match(html).Groups[1].Value), ("key", key), ("returnUrl", WebUtility.HtmlDecode(ReturnUrl().Match(html).Groups[1].Value)));
    }

    private async Task<string> TokenAsync(string page)
    {
        using var response = await server.SendAsync("GET", page);
        return Token().Match(await response.Content.ReadAsStringAsync()).Groups[1].Value;
    }

    private Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        server.Http.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await server.SendAsync("GET", path, headers: AsBrowser);
        return response.StatusCode;
    }

    private static string CookieOf(HttpResponseMessage response) => response.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("txmsg-operator=", StringComparison.Ordinal));

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)")]
    private static partial Regex Token();

    [GeneratedRegex("name=\"returnUrl\" value=\"([^\"]*)")]
    private static partial Regex ReturnUrl();
}
