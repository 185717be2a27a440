using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace TxMsg.Server.Webhooks;

/// <summary>A set of networks, written in CIDR notation.</summary>
internal sealed class NetworkList
{
    private const int MappedPrefixLength = 96;

    private readonly IPNetwork[] _networks;

    private NetworkList(IEnumerable<IPNetwork> networks) => _networks = [.. networks];

    public bool IsEmpty => _networks.Length == 0;

    /// <exception cref="FormatException">One of the texts is not a network.</exception>
    public static NetworkList Of(params IEnumerable<string> networks) => new(networks.Select(
        text => TryParse(text, out var network) ? network : throw new FormatException($"'{text}' is not a CIDR network.")));

    /// <summary>Reads one network; one written as IPv4 inside IPv6 is read as IPv4, as such addresses are judged.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IPNetwork network)
    {
        network = default;
        if (text is null || !IPNetwork.TryParse(text, out network) || !IsBase(text, network) || !IsDecimal(text))
        {
            return false;
        }

        if (network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefixLength)
        {
            network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefixLength);
        }

        return true;
    }

    public bool Contains(IPAddress address)
    {
        foreach (var network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    // the framework reads 10.1.2.3/8 as 10.0.0.0/8, which is more likely a mistake than meant
    private static bool IsBase(string text, IPNetwork network) =>
        IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), out var address) && address.Equals(network.BaseAddress);

    // 010.0.0.0 is read in base 8 and 0x10.0.0.0 in base 16, 10.1 as 10.0.0.1: whoever lists a network must get the one that is read
    private static bool IsDecimal(string text)
    {
        var address = text.AsSpan(0, text.IndexOf('/'));
        var dotted = address[(address.LastIndexOf(':') + 1)..];
        var isIPv4 = dotted.Length == address.Length || dotted.Contains('.');
        return !isIPv4 || (IPAddress.TryParse(dotted, out var four) && dotted.SequenceEqual(four.ToString()));
    }
}
