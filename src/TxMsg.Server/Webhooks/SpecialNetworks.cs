using System.Net;
using System.Net.Sockets;

namespace TxMsg.Server.Webhooks;

/// <summary>Tells public unicast addresses from all others (the IANA special-purpose registries, and what clouds put in public space).</summary>
internal static class SpecialNetworks
{
    public static readonly NetworkList Loopback = NetworkList.Of("127.0.0.0/8", "::1/128");

    private static readonly NetworkList SpecialV4 = NetworkList.Of(
        "0.0.0.0/8", // this network
        "10.0.0.0/8", // private
        "100.64.0.0/10", // carrier-grade NAT; cloud metadata of Alibaba
        "127.0.0.0/8", // loopback
        "168.63.129.16/32", // the platform address of Azure, which looks public
        "169.254.0.0/16", // link-local; cloud metadata
        "172.16.0.0/12", // private
        "192.0.0.0/24", // protocol assignments; cloud metadata of Oracle
        "192.0.2.0/24", // documentation
        "192.88.99.0/24", // 6to4 relays
        "192.168.0.0/16", // private
        "198.18.0.0/15", // benchmarks
        "198.51.100.0/24", // documentation
        "203.0.113.0/24", // documentation
        "224.0.0.0/4", // multicast
        "240.0.0.0/4"); // reserved, and broadcast

    // everything outside is loopback, unspecified, mapped, IPv4-compatible, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), discard (100::/64),
    // SRv6 (5f00::/16), unique local (fc00::/7, with the metadata of AWS), link-local (fe80::/10), site-local (fec0::/10), multicast (ff00::/8) or reserved
    private static readonly NetworkList GlobalUnicastV6 = NetworkList.Of("2000::/3");

    private static readonly NetworkList SpecialV6 = NetworkList.Of(
        "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32", // documentation
        "2002::/16", // 6to4
        "3fff::/20"); // documentation

    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !SpecialV4.Contains(address),
        AddressFamily.InterNetworkV6 => GlobalUnicastV6.Contains(address) && !SpecialV6.Contains(address),
        _ => false,
    };
}
