using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace TxMsg.Server.Transactions;

/// <summary>CRC-32C of what a producer sent: stored beside it, and compared whenever it is read back, so that a bit that turned over in
/// the file is an error and never a delivery. A kilobyte costs the processor a tenth of a microsecond.</summary>
public static class ContentChecksum
{
    /// <summary>Of all that its producer decided. Each part goes in with its length, so that none can flow into the next.</summary>
    public static long Of(Guid id, string topic, string? key, string? tag, string? orderingKey, MessageContent content)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var crc = Add(uint.MaxValue, bytes);
        foreach (var text in (ReadOnlySpan<string?>)[topic, key, tag, orderingKey, content.ContentType, content.HeadersJson])
        {
            crc = BitOperations.Crc32C(crc, (uint)(text?.Length ?? -1));
            crc = Add(crc, MemoryMarshal.AsBytes(text.AsSpan()));
        }

        return ~Add(crc, content.Payload.Span);
    }

    /// <summary>Whether a row that was read is what was stored; rows of the version before have no checksum.</summary>
    public static bool Fits(long? stored, Guid id, string topic, string? key, string? tag, string? orderingKey, MessageContent content) =>
        stored is null || stored == Of(id, topic, key, tag, orderingKey, content);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
