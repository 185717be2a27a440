using System.Buffers.Binary;
using System.Buffers.Text;

namespace TxMsg.Benchmarks.Ledger;

/// <summary>
/// UUIDs of version 7 whose last four bytes are the transaction's number, so that a delivery finds its transaction
/// without a dictionary. They increase within a millisecond, as a monotonic generator's do.
/// </summary>
internal sealed class MessageIds
{
    public const int TextLength = 36;

    private readonly byte[] salt = Guid.NewGuid().ToByteArray();

    public Guid Make(long unixMilliseconds, int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        salt.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(unixMilliseconds >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)unixMilliseconds);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], number);
        return new Guid(bytes, bigEndian: true);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out Guid id, out int number)
    {
        number = -1;
        if (!Utf8Parser.TryParse(text, out id, out var consumed, 'D') || consumed != text.Length)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        number = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]);
        return true;
    }
}
