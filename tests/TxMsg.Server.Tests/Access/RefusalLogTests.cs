using System.Net;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Access;

/// <summary>Who is not let in cannot fill the log.</summary>
public sealed class RefusalLogTests
{
    private const int Attempts = 5;
    private static readonly (string, string) Garbage = ("Cookie", "txmsg-antiforgery=CfDJ8garbage");
    private TestFolder folder = null!;
    private RunningServer server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        folder = new TestFolder();
        server = await RunningServer.StartAsync(folder, [.. RunningServer.WithKeys, "--Logging:LogLevel:Default=Information"]);
        server.Log.Entries.Clear();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [TestCase("/sign-in")]
    [TestCase("/sign-out")]
    public async Task ACookieThatIsGarbage_IsReplacedWithoutAWord(string page)
    {
        for (var i = 0; i < Attempts; i++) (await server.SendAsync("GET", page, headers: Garbage)).StatusCode.Should().Be(HttpStatusCode.OK);

        Told().Should().BeEmpty();
    }

    [TestCase("/sign-in")]
    [TestCase("/sign-out")]
    public async Task FormsWithoutAToken_AreToldOnceAMinute(string page)
    {
        for (var i = 0; i < Attempts; i++)
            (await server.Http.PostAsync(page, new FormUrlEncodedContent([KeyValuePair.Create("a", "b")]))).Dispose();

        Told().Should().Equal("TxMsg.Server.Access.RefusalLog: Forms and calls of pages without a valid anti-forgery token: 1; the last from 127.0.0.1");
    }

    [Test]
    public async Task CallsOfAPageWithAWrongToken_AreToldOnceAMinute()
    {
        using var browser = new Browser(server.Http.BaseAddress!);
        (await browser.SignInAsync(RunningServer.AdminKey)).Dispose();

        for (var i = 0; i < Attempts; i++) (await browser.StatusAsync("PUT", "/v1/producers/shop", "CfDJ8garbage", "{}")).Should().Be(HttpStatusCode.Forbidden);

        Told().Should().ContainSingle().Which.Should().Contain("without a valid anti-forgery token: 1;");
    }

    // What the machine beside it does, such as the first sweep, may be logged meanwhile.
    private IEnumerable<string> Told() =>
        server.Log.Entries.Where(entry => entry.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || entry.StartsWith("TxMsg.Server.Access", StringComparison.Ordinal));
}
