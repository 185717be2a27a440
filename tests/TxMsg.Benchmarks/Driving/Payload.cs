namespace TxMsg.Benchmarks.Driving;

/// <summary>The same bytes for every message, in the driver and in the no-op server, so that a delivery can be compared whole.</summary>
internal static class Payload
{
    /// <summary>All byte values: what is not UTF-8 must arrive as it was sent, too.</summary>
    public static byte[] OfSize(int bytes) => [.. Enumerable.Range(0, bytes).Select(i => (byte)(i * 7 + i / 256))];
}
