using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace TxMsg.Server.Access.SignIn;

/// <summary>Bounds how often one address may try to sign in.</summary>
internal sealed class SignInLimiter : IDisposable
{
    /// <summary>Attempts of one address in a minute.</summary>
    public const int AttemptsPerMinute = 10;

    private const int IPv6NetworkBytes = 8;

    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(PartitionOf(address), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = AttemptsPerMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }));

    /// <summary>Whether this address may try now.</summary>
    public bool TryTake(IPAddress? address)
    {
        using var lease = limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    // Whoever has one IPv6 address has 2^64 of them.
    private static string PartitionOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6
        ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, IPv6NetworkBytes))
        : address.ToString();
}
