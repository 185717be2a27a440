using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Alerts;
using TxMsg.Server.Hosting;
using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Alerts;

public sealed class AlertOptionsTests
{
    private static readonly string Secret = WebhookSecret.Generate().Reveal();

    [Test]
    public void TheDefaults_AreValid() => FailuresOf(new AlertOptions()).Should().BeEmpty();

    [Test]
    public void AUrlWithASecret_IsValid() => FailuresOf(new AlertOptions { Url = "http://127.0.0.1:9/alerts", Secret = Secret }).Should().BeEmpty();

    [Test]
    public void AUrlWithoutASecret_IsRefusedByName() =>
        FailuresOf(new AlertOptions { Url = "http://127.0.0.1:9/alerts" }).Should().ContainSingle().Which.Should().StartWith("TxMsg:Alerts:Secret is missing; it must be 'whsec_' and the base64 of");

    [TestCase("alerts.example/hook")]
    [TestCase("ftp://alerts.example/")]
    [TestCase("http://169.254.169.254/")]
    public void AUrlThatMayNotBeCalled_IsRefused(string url) =>
        FailuresOf(new AlertOptions { Url = url, Secret = Secret }).Should().ContainSingle().Which.Should().StartWith("TxMsg:Alerts:Url is wrong: ");

    [Test]
    public void ASecretThatIsNone_IsRefusedAndNotRepeated() =>
        FailuresOf(new AlertOptions { Url = "http://127.0.0.1:9/", Secret = "hunter2" }).Should().ContainSingle()
            .Which.Should().StartWith("TxMsg:Alerts:Secret is no secret; it must be ").And.NotContain("hunter2");

    [Test]
    public void TimesOutOfRange_AreEachNamed()
    {
        var zero = new AlertOptions { CheckInterval = default, OldestPreparedAfter = default, OldestPendingAfter = default, Timeout = default };

        FailuresOf(zero).Select(failure => failure.Split(' ')[0]).Should().Equal(
            "TxMsg:Alerts:CheckInterval", "TxMsg:Alerts:OldestPreparedAfter", "TxMsg:Alerts:OldestPendingAfter", "TxMsg:Alerts:Timeout");
    }

    [Test]
    public void TheServer_DoesNotStartWithAWrongOne() =>
        FluentActions.Invoking(() => ServerHost.Build(["--TxMsg:Alerts:Url=http://127.0.0.1:9/"], Program.AddFeatures, Program.MapFeatures))
            .Should().Throw<Exception>().WithMessage("*TxMsg:Alerts:Secret is missing*");

    private static IEnumerable<string> FailuresOf(AlertOptions options)
    {
        var rules = new OptionRules<AlertOptions>(AlertOptions.Section);
        AlertsRegistration.AddRules(rules);
        var url = new AlertUrlValidator(new EndpointRules(new AddressPolicy([], allowLoopback: true))).Validate(null, options);
        return [.. url.Failures ?? [], .. rules.Check(options)];
    }
}
