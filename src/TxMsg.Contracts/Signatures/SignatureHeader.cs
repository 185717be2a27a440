using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TxMsg.Contracts.Signatures;

/// <summary>Reads the received <c>webhook-signature</c> header: entries <c>{version},{signature}</c> separated by spaces.</summary>
internal static class SignatureHeader
{
    /// <summary>True when at least one entry has a version and a signature, whatever the version:
    /// entries of versions to come stand beside those that are understood.</summary>
    public static bool IsWellFormed(string header)
    {
        foreach (var range in header.AsSpan().Split(' '))
        {
            var entry = header.AsSpan(range);
            var comma = entry.IndexOf(',');
            if (comma > 0 && comma < entry.Length - 1)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks at every entry, and compares in time that does not depend on what is equal.</summary>
    public static bool Contains(string header, string expected)
    {
        var found = false;
        foreach (var range in header.AsSpan().Split(' '))
        {
            found |= CryptographicOperations.FixedTimeEquals(
                MemoryMarshal.AsBytes(header.AsSpan(range)), MemoryMarshal.AsBytes(expected.AsSpan()));
        }

        return found;
    }
}
