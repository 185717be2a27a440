using System.Buffers.Binary;
using System.Buffers.Text;

namespace TxMsg.Server.Transactions;

/// <summary>A place in a list of messages: after the one with this time and sequence number.</summary>
public readonly record struct MessageCursor(long PreparedAt, long Seq)
{
    /// <summary>Before every message.</summary>
    public static MessageCursor Start { get; } = new(long.MaxValue, long.MaxValue);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out MessageCursor cursor)
    {
        cursor = Start;
        Span<byte> bytes = stackalloc byte[16];
        // What is no base64 at all would throw.
        if (text.Length > 24 || !Base64Url.IsValid(text, out var length) || length != 16) return false;
        Base64Url.DecodeFromChars(text, bytes);
        cursor = new MessageCursor(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
        return true;
    }

    /// <summary>Opaque text.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, PreparedAt);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Seq);
        return Base64Url.EncodeToString(bytes);
    }
}
