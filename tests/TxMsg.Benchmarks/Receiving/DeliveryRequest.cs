using System.Buffers.Text;
using System.Text;

namespace TxMsg.Benchmarks.Receiving;

/// <summary>Where the parts of a delivery lie in the receiver's buffer; nothing is copied.</summary>
internal ref struct DeliveryRequest
{
    public ReadOnlySpan<byte> Id;
    public ReadOnlySpan<byte> WebhookId;
    public ReadOnlySpan<byte> Timestamp;
    public ReadOnlySpan<byte> Signature;
    public ReadOnlySpan<byte> Body;
    public int Length;

    /// <summary>False while the request is not whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out DeliveryRequest request)
    {
        request = default;
        var end = buffer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = buffer[..end];
        var bodyLength = 0;
        while (!head.IsEmpty)
        {
            var lineEnd = head.IndexOf((byte)'\n');
            request.ReadField(lineEnd < 0 ? head : head[..lineEnd], ref bodyLength);
            head = lineEnd < 0 ? default : head[(lineEnd + 1)..];
        }

        request.Length = end + 4 + bodyLength;
        if (buffer.Length < request.Length)
            return false;
        request.Body = buffer.Slice(end + 4, bodyLength);
        return true;
    }

    private void ReadField(ReadOnlySpan<byte> field, ref int bodyLength)
    {
        var colon = field.IndexOf((byte)':');
        if (colon < 0)
            return;
        var value = field[(colon + 1)..].Trim(" \r"u8);
        // The length decides before the letters: most fields are told apart without a comparison.
        switch (colon)
        {
            case 5 when Is(field, "ce-id"u8): Id = value; break;
            case 10 when Is(field, "webhook-id"u8): WebhookId = value; break;
            case 17 when Is(field, "webhook-timestamp"u8): Timestamp = value; break;
            case 17 when Is(field, "webhook-signature"u8): Signature = value; break;
            case 14 when Is(field, "content-length"u8) && Utf8Parser.TryParse(value, out int length, out _): bodyLength = length; break;
            case 17 when Is(field, "transfer-encoding"u8):
                throw new BenchmarkFailedException("The receiver reads deliveries with a Content-Length only.");
        }
    }

    private static bool Is(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(field[..name.Length], name);
}
