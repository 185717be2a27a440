using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Tests.Hosting;

public sealed class DeclarationTests
{
    private static readonly string[] Declared =
    [
        "--TxMsg:Producers:0:Name=shop", "--TxMsg:Producers:0:CheckBackUrl=http://127.0.0.1:9/check", "--TxMsg:Producers:0:CheckBackAfterSeconds=1.5",
        "--TxMsg:Subscriptions:0:Name=billing", "--TxMsg:Subscriptions:0:Topic=orders", "--TxMsg:Subscriptions:0:Endpoint=http://127.0.0.1:9/billing",
        "--TxMsg:Subscriptions:0:Tags:0=paid", "--TxMsg:Subscriptions:0:RetryScheduleSeconds=5,10", "--TxMsg:Subscriptions:0:TimeoutSeconds=2",
        "--TxMsg:Subscriptions:0:Secret=whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ];

    [Test]
    public async Task WhatIsDeclared_IsThere()
    {
        using var folder = new TestFolder();
        await using var server = await RunningServer.StartAsync(folder, Declared);

        var producer = await server.JsonAsync("GET", "/v1/producers/shop");
        var subscription = await server.JsonAsync("GET", "/v1/subscriptions/billing");

        producer["checkBackAfterSeconds"]!.GetValue<double>().Should().Be(1.5);
        subscription["tags"]!.ToJsonString().Should().Be("""["paid"]""");
        subscription["retryScheduleSeconds"]!.ToJsonString().Should().Be("[5,10]");
    }

    [Test]
    public async Task WhatIsDeclaredWithoutASecret_IsNamed_BecauseNobodyHasSeenIts()
    {
        using var folder = new TestFolder();

        await using var server = await RunningServer.StartAsync(folder, [.. Declared, "--Logging:LogLevel:TxMsg=Warning"]);

        server.Log.Entries.Should().ContainSingle(line => line.Contains("secret", StringComparison.Ordinal)).Which.Should().Contain("the producer shop");
    }

    [Test]
    public async Task WhatIsUnchanged_CausesNoWrite()
    {
        using var folder = new TestFolder();
        var first = await VersionAsync(folder, Declared);

        (await VersionAsync(folder, Declared)).Should().Be(first);
    }

    [TestCase("--TxMsg:Producers:0:CheckBackUrl=http://127.0.0.1:9/other")]
    [TestCase("--TxMsg:Producers:0:MaxUnknownAnswers=3")]
    [TestCase("--TxMsg:Subscriptions:0:Ordered=true")]
    [TestCase("--TxMsg:Subscriptions:0:Tags:1=refunded")]
    [TestCase("--TxMsg:Subscriptions:0:TimeoutSeconds=3")]
    [TestCase("--TxMsg:Subscriptions:0:Secret=whsec_HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public async Task WhatIsChanged_IsUpdated(string change)
    {
        using var folder = new TestFolder();
        var first = await VersionAsync(folder, Declared);

        (await VersionAsync(folder, [.. Declared, change])).Should().BeGreaterThan(first);
    }

    [Test]
    public async Task TheAudit_ShowsWhatTheConfigurationChanged()
    {
        using var folder = new TestFolder();
        await VersionAsync(folder, Declared);
        await VersionAsync(folder, Declared);
        await VersionAsync(folder, [.. Declared, "--TxMsg:Producers:0:MaxUnknownAnswers=3"]);
        await using var server = await RunningServer.StartAsync(folder, [.. Declared, "--TxMsg:Producers:0:MaxUnknownAnswers=3"]);

        var entries = (await server.JsonAsync("GET", "/v1/audit?actor=configuration"))["items"]!.AsArray();

        entries.Select(entry => $"{entry!["action"]} {entry["producer"]}{entry["subscription"]}").Should().Equal("changeProducer shop", "createSubscription billing", "createProducer shop");
        ((string)entries[0]!["detail"]!).Should().Be("maxUnknownAnswers: default -> 3");
    }

    [TestCase("TxMsg:Producers:0:CheckBackUrl=nowhere", "TxMsg:Producers:0:CheckBackUrl: It is not an absolute http or https URL.")]
    [TestCase("TxMsg:Producers:0:Name=a b", "TxMsg:Producers:0:Name: Only letters, digits, '.', '_' and '-'.")]
    [TestCase("TxMsg:Producers:1:Name=other", "TxMsg:Producers:1:CheckBackUrl: It is empty.")]
    [TestCase("TxMsg:Producers:0:CheckBackAfterSeconds=soon", "TxMsg:Producers:0:CheckBackAfterSeconds is 'soon'; it must be a number.")]
    [TestCase("TxMsg:Subscriptions:0:Endpont=x", "TxMsg:Subscriptions:0:Endpont is not a known key;")]
    [TestCase("TxMsg:Subscriptions:0:RetryScheduleSeconds=-3", "TxMsg:Subscriptions:0:RetryScheduleSeconds:0: A number from 0 to 604800.")]
    [TestCase("TxMsg:Subscriptions:0:Secret=whsec_hunter2", "TxMsg:Subscriptions:0:Secret: ")]
    public async Task AWrongDeclaration_IsNamedByItsKey(string setting, string expected)
    {
        using var folder = new TestFolder();
        var key = "--" + setting.Split('=')[0] + "=";

        var line = await RunningServer.FailAsync(folder, [.. Declared.Where(argument => !argument.StartsWith(key, StringComparison.Ordinal)), "--" + setting]);

        line.Should().Contain(expected).And.NotContain("hunter2");
    }

    [Test]
    public async Task ANameThatIsDeclaredTwice_IsNamed()
    {
        using var folder = new TestFolder();

        var line = await RunningServer.FailAsync(folder, [.. Declared, "--TxMsg:Producers:1:Name=shop", "--TxMsg:Producers:1:CheckBackUrl=http://127.0.0.1:9/"]);

        line.Should().Be("TxMsg cannot start: TxMsg:Producers:1:Name: shop is declared twice.");
    }

    private static async Task<long> VersionAsync(TestFolder folder, string[] args)
    {
        await using var server = await RunningServer.StartAsync(folder, args);
        return (await server.App.Services.GetRequiredService<RegistryCache>().RefreshAsync(CancellationToken.None)).Version;
    }
}
