using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.Tests.Hosting;

public sealed class UsageTests
{
    private static readonly string[] Keys =
    [
        "--Urls", "TxMsg:Store:Provider", "TxMsg:Store:ConnectionString", "TxMsg:CheckBacks:SweepInterval", "TxMsg:Deliveries:Lease", "TxMsg:Retention:DeadLetteredAfter",
        "TxMsg:Jobs:Storage", "TxMsg:Limits:MaxPayloadBytes", "TxMsg:Access:Mode", "TxMsg:Access:AdminKey", "TxMsg:Webhooks:AllowedNetworks", "TxMsg:Alerts:Url",
        "TxMsg:Producers:0:CheckBackUrl", "TxMsg:Subscriptions:0:Endpoint",
    ];

    [TestCase("--help")]
    [TestCase("-h")]
    public async Task Help_NamesEveryKey(string argument)
    {
        var (exitCode, output) = await RunAsync(argument);

        exitCode.Should().Be(0);
        foreach (var key in Keys) output.Should().Contain(key);
    }

    [TestCase("TxMsg:Webhooks:AllowedNetworks", "each a CIDR network such as 10.0.0.0/8, with no bits set after the prefix and no leading zeros in IPv4")]
    [TestCase("TxMsg:Webhooks:MaxConnectionsPerEndpoint", "from 1 to 10000")]
    [TestCase("TxMsg:Webhooks:ConnectTimeout", "from 00:00:00.1 to 00:01:00")]
    [TestCase("TxMsg:Webhooks:ConnectionLifetime", "from 00:00:01 to 01:00:00")]
    [TestCase("TxMsg:Webhooks:ConnectionIdleTimeout", "from 00:00:01 to 01:00:00")]
    public async Task Help_SaysWhatAValueMayBe(string key, string rule)
    {
        var (_, output) = await RunAsync("--help");

        output.Split('\n').Single(line => line.StartsWith(key, StringComparison.Ordinal)).Should().Contain($"({rule})");
    }

    [Test]
    public async Task Version_IsOneLine()
    {
        var (exitCode, output) = await RunAsync("--version");

        exitCode.Should().Be(0);
        output.Trim().Should().MatchRegex(@"^\d+\.\d+\.\d+$");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        var former = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            return (await ServerHost.RunAsync(args, Program.AddFeatures, Program.MapFeatures), output.ToString());
        }
        finally
        {
            Console.SetOut(former);
        }
    }
}
