using Microsoft.AspNetCore.HttpOverrides;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Access;

/// <summary>Takes the word of the configured proxies, and of nobody else, for who calls and whether by TLS.</summary>
internal static class TrustedProxies
{
    /// <summary>What is wrong with the list, or null.</summary>
    public static string? Wrong(AccessOptions options)
    {
        if (options.TrustedProxies.FirstOrDefault(text => !NetworkList.TryParse(text, out _)) is { } wrong) return $"has '{wrong}'";
        // There the address is all that lets a caller in.
        return options.TrustedProxies.Length > 0 && options.Mode == AccessMode.Loopback ? "is set in Loopback mode" : null;
    }

    /// <summary>Puts the caller's own address and scheme in the place of the proxy's.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, AccessOptions options)
    {
        if (options.TrustedProxies.Length == 0) return;
        // From the last proxy back to the first address that is none of them, however many there are.
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var text in options.TrustedProxies)
        {
            if (NetworkList.TryParse(text, out var network)) forwarded.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(forwarded);
    }
}
