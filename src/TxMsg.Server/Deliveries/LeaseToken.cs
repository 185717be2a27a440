using System.Security.Cryptography;

namespace TxMsg.Server.Deliveries;

/// <summary>Makes tokens that no other holder of a lease has.</summary>
public static class LeaseToken
{
    /// <summary>A random positive 63-bit number.</summary>
    public static long New()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToInt64(bytes) & long.MaxValue;
    }
}
