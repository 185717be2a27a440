namespace TxMsg.Server.Webhooks;

/// <summary>Which addresses the server may call, and with how many connections. Section <c>TxMsg:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Where the options stand in the configuration.</summary>
    public const string Section = "TxMsg:Webhooks";

    /// <summary>Networks that webhooks may reach, in CIDR notation, IPv4 and IPv6 (<c>10.20.0.0/16</c>, <c>fd12::/48</c>). Default: none.
    /// <list type="bullet">
    /// <item>Private, loopback, link-local (cloud metadata), documentation, multicast, translated and other special
    /// addresses are reached only when they are listed.</item>
    /// <item>Public addresses are reached in <c>ApiKeys</c> mode, as long as the list is empty; with a list, only those in it.</item>
    /// <item>In <c>Loopback</c> mode loopback is reached as well; public addresses only when they are listed.</item>
    /// </list>
    /// <c>0.0.0.0/0</c> means every IPv4 address, private networks and cloud metadata included. What is written as IPv4 inside
    /// IPv6 (<c>::ffff:10.0.0.1</c>) counts as that IPv4 address; NAT64, 6to4 and Teredo addresses need their IPv6 network listed.</summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>The most connections to one scheme, host and port; further requests wait for one within their own timeout.
    /// 1 to 10000; default 256.</summary>
    public int MaxConnectionsPerEndpoint { get; set; } = 256;

    /// <summary>How long resolving, connecting and the TLS handshake may take, beside the timeout of the request itself.
    /// 0.1 to 60 s; default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long a connection is replaced, so that changed DNS records are noticed. 1 s to 1 h; default 2 min.</summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>After how long an unused connection is closed. 1 s to 1 h; default 30 s, which is less than most servers wait.</summary>
    public TimeSpan ConnectionIdleTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
