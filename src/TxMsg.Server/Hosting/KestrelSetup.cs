using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Hosting;

/// <summary>Bounds what a connection may cost.</summary>
internal sealed class KestrelSetup(UncheckedOptions<LimitsOptions> limitsOptions, IConfiguration configuration) : IConfigureOptions<KestrelServerOptions>
{
    // A batch, and everything that is not a payload.
    private const long MinBodyLimit = 33 * 1024 * 1024;

    public void Configure(KestrelServerOptions kestrel)
    {
        // Kestrel is made before the options are checked.
        var configured = limitsOptions.Read();
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = Math.Max(1, configured.MaxConnections);
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Endpoints have limits of their own; this one only must not be below them (base64 is 4/3).
        limits.MaxRequestBodySize = Math.Max(MinBodyLimit, configured.MaxPayloadBytes * 2L);
        kestrel.Configure(configuration.GetSection("Kestrel"), reloadOnChange: false);
    }
}
