using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class ConnectTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [TestCase("localhost")]
    [TestCase("127.0.0.1")]
    [TestCase("2130706433")]
    [TestCase("[::ffff:127.0.0.1]")]
    public async Task SendAsync_ToAForbiddenAddress_NeverConnects(string host)
    {
        await using var receiver = Receiver.Answering(Ok);
        using var sender = Sending.Sender(allowLoopback: false);

        var result = await sender.SendAsync(Sending.Request(new Uri($"http://{host}:{receiver.Endpoint.Port}/"), Sending.Ample), default);

        result.Outcome.Should().Be(WebhookOutcome.AddressForbidden);
        result.Error.Should().Contain("AllowedNetworks").And.NotContain("127.0.0.1");
        receiver.ConnectionCount.Should().Be(0);
    }

    [Test]
    public async Task SendAsync_ToAMappedLoopbackAddress_ReachesItAsIPv4()
    {
        await using var receiver = Receiver.Answering(Ok);

        var result = await Sending.SendAsync(new Uri($"http://[::ffff:127.0.0.1]:{receiver.Endpoint.Port}/"), Sending.Ample);

        result.IsSuccess.Should().BeTrue();
    }

    [Test]
    public async Task SendAsync_WithProxiesInTheEnvironment_IgnoresThem()
    {
        string[] names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
        await using var proxy = Receiver.Answering(Ok);
        await using var receiver = Receiver.Answering(Ok);
        var before = names.Select(Environment.GetEnvironmentVariable).ToArray();
        Array.ForEach(names, n => Environment.SetEnvironmentVariable(n, proxy.Endpoint.GetLeftPart(UriPartial.Authority)));
        try
        {
            (await Sending.SendAsync(receiver.Endpoint, Sending.Ample)).IsSuccess.Should().BeTrue();
        }
        finally
        {
            for (var i = 0; i < names.Length; i++)
            {
                Environment.SetEnvironmentVariable(names[i], before[i]);
            }
        }

        proxy.ConnectionCount.Should().Be(0);
        receiver.ConnectionCount.Should().Be(1);
    }

    [Test]
    public async Task SendAsync_ToAClosedPort_FailsToConnect()
    {
        var result = await Sending.SendAsync(new Uri($"http://127.0.0.1:{ClosedPort()}/"), Sending.Ample);

        result.Should().BeEquivalentTo(new { Outcome = WebhookOutcome.ConnectionFailed, Error = "connecting failed: ConnectionRefused", Status = (int?)null });
    }

    [Test]
    public async Task SendAsync_ToANameWithoutAddress_SaysSo()
    {
        using var sender = Sender((_, _) => throw new SocketException((int)SocketError.HostNotFound));

        var result = await sender.SendAsync(Sending.Request(new Uri("http://nowhere.example/"), Sending.Ample), default);

        result.Should().BeEquivalentTo(new { Outcome = WebhookOutcome.NameNotResolved, Error = "the host name was not resolved: HostNotFound" });
    }

    [Test]
    public async Task SendAsync_WhenTheNameServerHangs_TimesOut()
    {
        using var sender = Sender(async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return [];
        });

        var result = await sender.SendAsync(Sending.Request(new Uri("http://slow.example/"), Sending.Short), default);
        var limited = await sender.SendAsync(Sending.Request(new Uri("http://slow.example/"), Sending.Ample), default);

        result.Outcome.Should().Be(WebhookOutcome.ConnectTimedOut);
        limited.Outcome.Should().Be(WebhookOutcome.ConnectTimedOut, "connecting has a limit of its own");
    }

    [Test]
    public async Task SendAsync_WhenOnlySomeAddressesAreAllowedAndAnswer_UsesOneThatDoes()
    {
        await using var receiver = Receiver.Answering(Ok);
        var resolved = 0;
        using var sender = Sender((_, _) =>
        {
            resolved++;
            string[] addresses = ["169.254.169.254", "10.0.0.1", "127.0.0.77", "::ffff:127.0.0.1"];
            return Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));
        });

        var result = await sender.SendAsync(Sending.Request(new Uri($"http://shop.example:{receiver.Endpoint.Port}/"), Sending.Ample), default);

        result.IsSuccess.Should().BeTrue();
        receiver.Requests.Single()["host"].Should().Be($"shop.example:{receiver.Endpoint.Port}");
        resolved.Should().Be(1, "what was checked is what is used");
    }

    [Test]
    public async Task SendAsync_WhenAllConnectionsAreBusy_WaitsNoLongerThanItsDeadline()
    {
        await using var receiver = Receiver.Misbehaving((_, stop) => Task.Delay(Timeout.Infinite, stop));
        using var sender = Sending.Sender(options: new WebhookOptions { MaxConnectionsPerEndpoint = 1 });

        var results = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => sender.SendAsync(Sending.Request(receiver.Endpoint, Sending.Short), default)));

        results.Select(r => r.Outcome).Should().OnlyContain(o => o == WebhookOutcome.TimedOut || o == WebhookOutcome.ConnectTimedOut);
    }

    [Test]
    public async Task SendAsync_OverTlsToAPlainServer_FailsTheHandshake()
    {
        await using var receiver = Receiver.OnConnect(async (stream, stop) =>
        {
            await stream.ReadExactlyAsync(new byte[10], stop);
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop);
            await Task.Delay(Timeout.Infinite, stop);
        });

        var result = await Sending.SendAsync(new Uri($"https://127.0.0.1:{receiver.Endpoint.Port}/"), Sending.Ample);

        result.Outcome.Should().Be(WebhookOutcome.TlsFailed);
    }

    private static WebhookSender Sender(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        var options = new WebhookOptions { ConnectTimeout = TimeSpan.FromSeconds(1) };
        var connector = new EndpointConnector(new AddressPolicy([], allowLoopback: true), options.ConnectTimeout, resolve, NullLogger.Instance);
        return new WebhookSender(WebhookHandler.Create(options, connector), TimeProvider.System);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
