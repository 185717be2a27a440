using System.Net;

namespace TxMsg.Server.Access;

/// <summary>Lets in what comes from this machine and from nobody else. Listening on loopback alone does not do that: a proxy
/// on this machine forwards the world, and a browser on this machine runs the pages of others.</summary>
public static class LoopbackGate
{
    // One of them is enough: a proxy may be set up without the others, but Via is a proxy's duty (RFC 9110, 7.6.3).
    private static readonly string[] ForwardingHeaders =
    [
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-IP",
        "CF-Connecting-IP", "True-Client-IP",
    ];

    /// <summary>Why a request is refused, or null when it may pass. Allocates nothing for one that may.</summary>
    public static string? Refusal(HttpContext context)
    {
        var request = context.Request;
        if (!IsLoopback(context.Connection.RemoteIpAddress))
            return "Only this machine may call in Loopback mode. Set TxMsg:Access:Mode=ApiKeys to let others in.";
        foreach (var header in ForwardingHeaders)
        {
            if (request.Headers.ContainsKey(header))
                return $"A proxy forwarded this request (header {header}); in Loopback mode nobody can tell for whom. Set TxMsg:Access:Mode=ApiKeys behind a proxy.";
        }

        // A name that an attacker's DNS points at 127.0.0.1 arrives with the attacker's name in Host.
        if (!IsLoopbackHost((string?)request.Headers.Host)) return "The Host header must be localhost or a loopback address.";
        return CrossSite.IsCrossSite(request) ? "A page of another site asked for this; in Loopback mode only the coordinator's own pages may." : null;
    }

    /// <summary>Whether an address is this machine's loopback: IPv4, IPv6, or IPv4 inside IPv6.</summary>
    public static bool IsLoopback(IPAddress? address) =>
        address is not null && (IPAddress.IsLoopback(address) || (address.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(address.MapToIPv4())));

    /// <summary>Whether a Host header (<c>localhost:5080</c>, <c>[::1]</c>) can only mean this machine.</summary>
    public static bool IsLoopbackHost(ReadOnlySpan<char> host)
    {
        var name = WithoutPort(host);
        if (name.EndsWith(".")) name = name[..^1];
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)) return true;
        if (name is ['[', .. var inner, ']']) return IPAddress.TryParse(inner, out var six) && IsLoopback(six);
        return IsLoopbackIPv4(name);
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host.EndsWith("]") ? host : host[..colon];
    }

    // Four plain decimal parts, the first of them 127: by hand, because this is asked ten thousand times a second.
    private static bool IsLoopbackIPv4(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith("127.")) return false;
        var (parts, digits, value) = (1, 0, 0);
        foreach (var character in name)
        {
            if (character == '.')
            {
                if (digits == 0) return false;
                (parts, digits, value) = (parts + 1, 0, 0);
            }
            else if (!char.IsAsciiDigit(character) || ++digits > 3 || (value = (value * 10) + character - '0') > byte.MaxValue)
            {
                return false;
            }
        }

        return parts == 4 && digits > 0;
    }
}
