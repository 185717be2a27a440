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
