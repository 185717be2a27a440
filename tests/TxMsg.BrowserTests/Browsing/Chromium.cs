using Microsoft.Playwright;

// Outside all folders: it is for every test of the assembly.
#pragma warning disable IDE0130
namespace TxMsg.BrowserTests;
#pragma warning restore IDE0130

/// <summary>One real browser for all tests; each visit has a profile of its own.</summary>
[SetUpFixture]
public sealed class Chromium
{
    private const string Path = "/usr/bin/chromium";
    private static IPlaywright? playwright;

    public static IBrowser Browser { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var path = Environment.GetEnvironmentVariable("TXMSG_TEST_CHROMIUM") ?? Path;
        File.Exists(path).Should().BeTrue("the tests need Chromium (Debian's package chromium, or its path in TXMSG_TEST_CHROMIUM); looked for {0}", path);
        playwright = await Playwright.CreateAsync();
        // Containers run as root and have a small /dev/shm.
        Browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await (Browser?.CloseAsync() ?? Task.CompletedTask);
        playwright?.Dispose();
    }
}
