using System.Net;

namespace TxMsg.Server.Webhooks;

/// <summary>Decides which addresses the server may call; <see cref="WebhookOptions.AllowedNetworks"/> tells the rules.
/// It is asked about every address at connect time, after the name is resolved.</summary>
public sealed class AddressPolicy
{
    private readonly NetworkList _allowed;
    private readonly bool _allowLoopback;
    private readonly bool _allowPublic;

    /// <param name="allowedNetworks">CIDR networks that may be reached, whatever else is forbidden.</param>
    /// <param name="allowLoopback">True in <c>Loopback</c> mode: loopback may be reached, and public addresses only when listed.</param>
    /// <exception cref="FormatException">One of the networks is not in CIDR notation.</exception>
    public AddressPolicy(IEnumerable<string> allowedNetworks, bool allowLoopback)
    {
        _allowed = NetworkList.Of(allowedNetworks);
        _allowLoopback = allowLoopback;
        _allowPublic = !allowLoopback && _allowed.IsEmpty;
    }

    /// <summary>IPv4 written inside IPv6 (<c>::ffff:a.b.c.d</c>) as IPv4, everything else as it is: what is judged, and what is connected to.</summary>
    public static IPAddress Normalize(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>True when the address may be called.</summary>
    public bool IsAllowed(IPAddress address)
    {
        var judged = Normalize(address);
        return _allowed.Contains(judged)
            || (_allowLoopback && SpecialNetworks.Loopback.Contains(judged))
            || (_allowPublic && SpecialNetworks.IsPublic(judged));
    }
}
