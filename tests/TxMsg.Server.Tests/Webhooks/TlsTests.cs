using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class TlsTests
{
    [Test]
    public async Task SendAsync_ToATrustedCertificateOfTheHost_IsAnswered()
    {
        using var certificate = Certificate("shop.example");

        (await SendAsync(certificate, trusted: true)).IsSuccess.Should().BeTrue();
    }

    [TestCase("shop.example", false)]
    [TestCase("other.example", true)]
    public async Task SendAsync_ToACertificateThatIsUntrustedOrOfAnotherHost_FailsTheHandshake(string host, bool trusted)
    {
        using var certificate = Certificate(host);

        (await SendAsync(certificate, trusted)).Outcome.Should().Be(WebhookOutcome.TlsFailed);
    }

    [Test]
    public void Create_Always_FetchesNoCertificates()
    {
        using var handler = WebhookHandler.Create(new WebhookOptions(), Connector());

        handler.SslOptions.CertificateChainPolicy!.DisableCertificateDownloads.Should().BeTrue("the URLs in a certificate are the receiver's choice");
    }

    private static async Task<WebhookResult> SendAsync(X509Certificate2 certificate, bool trusted)
    {
        await using var receiver = Receiver.OnConnect(async (stream, stop) =>
        {
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
            try
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
                await tls.ReadExactlyAsync(new byte[100], stop);
                await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop);
                await Task.Delay(Timeout.Infinite, stop);
            }
            catch (System.Security.Authentication.AuthenticationException)
            {
                // the sender did not trust us
            }
        });
        using var handler = WebhookHandler.Create(new WebhookOptions(), Connector());
        if (trusted)
        {
            handler.SslOptions.CertificateChainPolicy!.TrustMode = X509ChainTrustMode.CustomRootTrust;
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(certificate);
        }

        using var sender = new WebhookSender(handler, TimeProvider.System);
        return await sender.SendAsync(Sending.Request(new Uri($"https://shop.example:{receiver.Endpoint.Port}/"), Sending.Ample), default);
    }

    private static EndpointConnector Connector() => new(
        new AddressPolicy([], allowLoopback: true), TimeSpan.FromSeconds(5), (_, _) => Task.FromResult(new[] { IPAddress.Loopback }), NullLogger.Instance);

    private static X509Certificate2 Certificate(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
