using System.Net;
using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class WebhookOptionsTests
{
    [Test]
    public void AddWebhooks_WithoutConfiguration_HasDefaultsAndASender()
    {
        using var provider = Build(true);

        provider.GetRequiredService<IOptions<WebhookOptions>>().Value.MaxConnectionsPerEndpoint.Should().Be(256);
        provider.GetRequiredService<WebhookSender>().Should().NotBeNull();
        provider.GetRequiredService<EndpointRules>().TryParse("http://localhost/", out _, out _).Should().BeTrue();
    }

    [Test]
    public void AddWebhooks_WithNetworks_BuildsThePolicyFromThem()
    {
        using var provider = Build(
            false, ("TxMsg:Webhooks:AllowedNetworks:0", "10.0.0.0/8"), ("TxMsg:Webhooks:AllowedNetworks:1", "fd12::/48"));
        var policy = provider.GetRequiredService<AddressPolicy>();

        policy.IsAllowed(IPAddress.Parse("10.1.1.1")).Should().BeTrue();
        policy.IsAllowed(IPAddress.Parse("fd12::1")).Should().BeTrue();
        policy.IsAllowed(IPAddress.Parse("8.8.8.8")).Should().BeFalse();
    }

    [TestCase("10.0.0.0/8, 192.168.1.0/24")]
    [TestCase("10.0.0.0/8;192.168.1.0/24")]
    public void AddWebhooks_WithNetworksInOneValue_ReadsThemAll(string list)
    {
        using var provider = Build(false, ("TxMsg:Webhooks:AllowedNetworks", list));
        var policy = provider.GetRequiredService<AddressPolicy>();

        policy.IsAllowed(IPAddress.Parse("10.1.1.1")).Should().BeTrue();
        policy.IsAllowed(IPAddress.Parse("192.168.1.1")).Should().BeTrue();
        policy.IsAllowed(IPAddress.Parse("8.8.8.8")).Should().BeFalse();
    }

    [TestCase("TxMsg:Webhooks:AllowedNetworks")]
    [TestCase("TxMsg:Webhooks:AllowedNetworks:1")]
    public void AddWebhooks_WithNetworksInTwoSources_TakesThoseOfTheHigher(string lower)
    {
        var sources = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create(lower, (string?)"192.168.0.0/16")])
            .AddInMemoryCollection([KeyValuePair.Create("TxMsg:Webhooks:AllowedNetworks:0", (string?)"10.0.0.0/8")]);
        using var provider = Build(sources.Build(), allowLoopback: false);
        var policy = provider.GetRequiredService<AddressPolicy>();

        policy.IsAllowed(IPAddress.Parse("10.1.1.1")).Should().BeTrue();
        policy.IsAllowed(IPAddress.Parse("192.168.1.1")).Should().BeFalse();
    }

    [Test]
    public void AddWebhooks_WithAnEmptyListInJson_HasNoList()
    {
        var json = new MemoryStream("""{"TxMsg":{"Webhooks":{"AllowedNetworks":[],"MaxConnectionsPerEndpoint":7}}}"""u8.ToArray());
        using var provider = Build(new ConfigurationBuilder().AddJsonStream(json).Build(), allowLoopback: false);

        provider.GetRequiredService<IStartupValidator>().Validate();
        provider.GetRequiredService<IOptions<WebhookOptions>>().Value.Should().BeEquivalentTo(new { AllowedNetworks = Array.Empty<string>(), MaxConnectionsPerEndpoint = 7 });
    }

    [TestCase("AllowedNetworks:1", "abc", "*TxMsg:Webhooks:AllowedNetworks:1 is 'abc'; it must be a CIDR network such as 10.0.0.0/8, with no bits set after the prefix and no leading zeros in IPv4.")]
    [TestCase("AllowedNetworks:1", "", "*TxMsg:Webhooks:AllowedNetworks:1 is ''; it must be a CIDR network such as 10.0.0.0/8, with no bits set after the prefix and no leading zeros in IPv4.")]
    [TestCase("AllowedNetworks:1", "10.0.0.1", "*TxMsg:Webhooks:AllowedNetworks:1 is '10.0.0.1'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "10.0.0.1/8", "*TxMsg:Webhooks:AllowedNetworks:1 is '10.0.0.1/8'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "010.0.0.0/8", "*TxMsg:Webhooks:AllowedNetworks:1 is '010.0.0.0/8'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "0177.0.0.0/8", "*TxMsg:Webhooks:AllowedNetworks:1 is '0177.0.0.0/8'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "10.00.0.0/8", "*TxMsg:Webhooks:AllowedNetworks:1 is '10.00.0.0/8'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "0x0a.0.0.0/8", "*TxMsg:Webhooks:AllowedNetworks:1 is '0x0a.0.0.0/8'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "127.1/32", "*TxMsg:Webhooks:AllowedNetworks:1 is '127.1/32'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "::ffff:010.0.0.0/104", "*TxMsg:Webhooks:AllowedNetworks:1 is '::ffff:010.0.0.0/104'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "10.0.0.0/33", "*TxMsg:Webhooks:AllowedNetworks:1 is '10.0.0.0/33'; it must be a CIDR network*")]
    [TestCase("AllowedNetworks:1", "fd00::1/8", "*TxMsg:Webhooks:AllowedNetworks:1 is 'fd00::1/8'; it must be a CIDR network*")]
    [TestCase("MaxConnectionsPerEndpoint", "0", "*TxMsg:Webhooks:MaxConnectionsPerEndpoint is 0; it must be from 1 to 10000.")]
    [TestCase("ConnectTimeout", "00:00:00", "*TxMsg:Webhooks:ConnectTimeout is 00:00:00; it must be from 00:00:00.1 to 00:01:00.")]
    [TestCase("ConnectionLifetime", "1.00:00:00", "*TxMsg:Webhooks:ConnectionLifetime is 1.00:00:00; it must be from 00:00:01 to 01:00:00.")]
    [TestCase("ConnectionIdleTimeout", "-00:00:01", "*TxMsg:Webhooks:ConnectionIdleTimeout is -00:00:01; it must be from 00:00:01 to 01:00:00.")]
    [TestCase("MaxConnectionsPerEndpoint", "many", "*TxMsg:Webhooks:MaxConnectionsPerEndpoint*")]
    [TestCase("AllowedNetwork", "10.0.0.0/8", "*AllowedNetwork*")]
    public void AddWebhooks_WithAWrongValue_NamesIt(string key, string value, string message)
    {
        using var provider = Build(false, ("TxMsg:Webhooks:AllowedNetworks:0", "10.0.0.0/8"), ($"TxMsg:Webhooks:{key}", value));

        var start = () => provider.GetRequiredService<IStartupValidator>().Validate();

        start.Should().Throw<Exception>().WithMessage(message);
    }

    [Test]
    public void AddWebhooks_WithSeveralWrongNetworks_NamesEachOfThem()
    {
        using var provider = Build(false, ("TxMsg:Webhooks:AllowedNetworks", "10.0.0.1/8, 10.0.0.0/8, abc"));

        var start = () => provider.GetRequiredService<IStartupValidator>().Validate();

        start.Should().Throw<OptionsValidationException>().Which.Failures.Select(failure => failure.Split(' ')[0])
            .Should().Equal("TxMsg:Webhooks:AllowedNetworks:0", "TxMsg:Webhooks:AllowedNetworks:2");
    }

    private static ServiceProvider Build(bool allowLoopback, params (string Key, string Value)[] values) => Build(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build(), allowLoopback);

    private static ServiceProvider Build(IConfiguration configuration, bool allowLoopback) =>
        new ServiceCollection().AddLogging().AddWebhooks(configuration, allowLoopback).BuildServiceProvider();
}
