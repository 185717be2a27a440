using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace TxMsg.Server.Access.Keys;

/// <summary>SHA-256 of a key: all that is kept of it. A value, so that recognising a key allocates nothing.</summary>
public readonly record struct KeyHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>Longest key that is looked at, in characters.</summary>
    public const int MaxKeyLength = 256;

    /// <summary>The hash of a key; false when it is empty or too long to be one.</summary>
    public static bool TryOf(ReadOnlySpan<char> key, out KeyHash hash)
    {
        hash = default;
        if (key.Length is 0 or > MaxKeyLength) return false;
        Span<byte> bytes = stackalloc byte[MaxKeyLength * 3];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], digest);
        hash = MemoryMarshal.Read<KeyHash>(digest);
        return true;
    }

    /// <summary>A hash as it is stored; false when this is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> stored, out KeyHash hash) => MemoryMarshal.TryRead(stored, out hash) && stored.Length == SHA256.HashSizeInBytes;

    /// <summary>The hash as it is stored.</summary>
    public byte[] ToArray()
    {
        var self = this;
        return MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in self)).ToArray();
    }

    /// <summary>Compares in a time that says nothing about where the two differ.</summary>
    public bool FixedTimeEquals(KeyHash other)
    {
        var self = this;
        return CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in self)), MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in other)));
    }
}
