using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace TxMsg.Server.Webhooks;

/// <summary>The HTTP handler below <see cref="WebhookSender"/>: nothing that follows, remembers, unpacks or goes round the address check.</summary>
internal static class WebhookHandler
{
    private const int MaxResponseHeadersKibibytes = 16;
    private const int MaxDrainBytes = 16 * 1024;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    public static SocketsHttpHandler Create(WebhookOptions options, EndpointConnector connector) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false, // a proxy from the environment would be connected to instead of the checked address
        Credentials = null,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null, // the default one sends baggage to receivers
        EnableMultipleHttp2Connections = false,
        MaxConnectionsPerServer = options.MaxConnectionsPerEndpoint,
        MaxResponseHeadersLength = MaxResponseHeadersKibibytes,
        MaxResponseDrainSize = MaxDrainBytes,
        ResponseDrainTimeout = DrainTimeout,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = options.ConnectionLifetime,
        PooledConnectionIdleTimeout = options.ConnectionIdleTimeout,
        ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(context.DnsEndPoint, cancellationToken),
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = CertificatePolicy() },
    };

    // a missing intermediate certificate would otherwise be fetched from a URL that the receiver chooses, past the address check
    private static X509ChainPolicy CertificatePolicy() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
