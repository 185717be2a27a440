using System.Net;
using FluentAssertions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

/// <summary>How long somebody stays signed in.</summary>
public sealed class SessionTests
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero));
    private TestFolder folder = null!;
    private RunningServer server = null!;
    private Browser browser = null!;

    [SetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, RunningServer.WithKeys);
        // The session's clock alone: the server goes on in real time.
        server.App.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(OperatorCookie.Scheme).TimeProvider = time;
        browser = new Browser(server.Http.BaseAddress!);
        (await browser.SignInAsync(RunningServer.AdminKey)).Dispose();
    }

    [TearDown]
    public async Task StopAsync()
    {
        browser.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task WhoUsesThePages_StaysSignedIn()
    {
        for (var hour = 0; hour < 20; hour++)
        {
            time.Advance(AnHour);
            (await browser.StatusAsync("GET", "/hangfire")).Should().Be(HttpStatusCode.OK, "{0} hours after the sign-in", hour + 1);
        }
    }

    [Test]
    public async Task SigningOut_EndsARenewedSessionToo()
    {
        time.Advance(5 * AnHour);
        (await browser.StatusAsync("GET", "/hangfire")).Should().Be(HttpStatusCode.OK);

        (await browser.SignOutAsync()).Should().Be(HttpStatusCode.SeeOther);

        (await browser.PollAsync("/hangfire")).Should().Be(HttpStatusCode.Unauthorized);
    }

    [TestCase("/hangfire")]
    [TestCase("/v1/stats")]
    public async Task APageThatIsOnlyLeftOpen_IsSignedOutAfterEightHours(string asked)
    {
        for (var hour = 0; hour < 7; hour++)
        {
            time.Advance(AnHour);
            (await browser.PollAsync(asked)).Should().Be(HttpStatusCode.OK, "{0} hours after the sign-in", hour + 1);
        }

        time.Advance(AnHour + ASecond);
        (await browser.PollAsync(asked)).Should().Be(HttpStatusCode.Unauthorized, "a script is not sent to sign in");
    }

    [Test]
    public async Task HangfiresNumbers_KeepNobodySignedIn()
    {
        var token = await browser.TokenAsync();
        for (var hour = 0; hour < 7; hour++)
        {
            time.Advance(AnHour);
            (await browser.StatusAsync("POST", "/hangfire/stats", token)).Should().Be(HttpStatusCode.OK);
        }

        time.Advance(AnHour + ASecond);
        (await browser.StatusAsync("POST", "/hangfire/stats", token)).Should().Be(HttpStatusCode.Unauthorized);
    }
}
