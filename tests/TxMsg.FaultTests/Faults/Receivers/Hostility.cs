using System.IO.Compression;
using System.Text;

namespace TxMsg.FaultTests.Faults.Receivers;

/// <summary>A way to treat the coordinator badly, and the attempt result that is documented for it.</summary>
/// <param name="Outcome">As the timeline says it.</param>
/// <param name="Status">As the timeline says it; null where there was no answer.</param>
/// <param name="Answer">What the receiver does once it has the request; it ends when the coordinator hangs up.</param>
internal sealed record Hostility(string Name, string Outcome, int? Status, Func<Stream, CancellationToken, Task> Answer)
{
    private const string TimedOut = "timedOut";
    private const string Refused = "refused";
    private const string Delivered = "delivered";
    private const string ProtocolError = "protocolError";
    private const long TenGigabytes = 10L << 30;
    private static readonly byte[] Filler = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

    /// <summary>Whether the receiver reads the request first.</summary>
    public bool Reads { get; init; } = true;

    /// <param name="trap">Where a redirect leads that must not be followed.</param>
    public static IReadOnlyList<Hostility> All(Uri trap) =>
    [
        new("hangs-at-accept", TimedOut, null, Hang) { Reads = false },
        new("hangs-at-headers", TimedOut, null, Then("HTTP/1.1 200 OK\r\nContent-Ty", Hang)),
        new("hangs-in-error-body", Refused, 500, Then("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nabc", Hang)),
        new("hangs-in-body", Delivered, 200, Then("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", Hang)),
        new("byte-a-second", TimedOut, null, DripAsync),
        new("ten-gigabytes", Refused, 500, Then($"HTTP/1.1 500 No\r\nContent-Length: {TenGigabytes}\r\n\r\n", (stream, end) => RepeatAsync(stream, Filler, end))),
        new("ten-gigabytes-of-success", Delivered, 200, Then($"HTTP/1.1 200 OK\r\nContent-Length: {TenGigabytes}\r\n\r\n", (stream, end) => RepeatAsync(stream, Filler, end))),
        new("endless-chunks", Refused, 500, Then("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", (stream, end) => RepeatAsync(stream, "4\r\nabcd\r\n"u8.ToArray(), end))),
        new("endless-chunk-size", Refused, 500, Then("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", (stream, end) => RepeatAsync(stream, "0000"u8.ToArray(), end))),
        new("gzip-bomb", Refused, 500, Then("HTTP/1.1 500 No\r\nContent-Encoding: gzip\r\n\r\n", (stream, end) => RepeatAsync(stream, Bomb(), end))),
        new("flood-of-1xx", ProtocolError, null, (stream, end) => RepeatAsync(stream, "HTTP/1.1 103 Early Hints\r\n\r\n"u8.ToArray(), end)),
        new("huge-header", ProtocolError, null, Then("HTTP/1.1 200 OK\r\nX-Huge: ", (stream, end) => RepeatAsync(stream, Filler, end))),
        new("many-headers", ProtocolError, null, Then("HTTP/1.1 200 OK\r\n", (stream, end) => RepeatAsync(stream, "X-Many: many\r\n"u8.ToArray(), end))),
        new("garbage", ProtocolError, null, (stream, end) => RepeatAsync(stream, [.. Enumerable.Range(0, 256).Select(value => (byte)(value ^ 0xA5))], end)),
        new("switches-protocols", ProtocolError, null, Then("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", Hang)),
        new("closes", "connectionLost", null, End),
        new("redirects-to-metadata", Refused, 302, Then("HTTP/1.1 302 There\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", End)),
        new("redirects-to-a-trap", Refused, 307, Then($"HTTP/1.1 307 There\r\nLocation: {trap}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", End)),
    ];

    private static Func<Stream, CancellationToken, Task> Then(string head, Func<Stream, CancellationToken, Task> rest) => async (stream, end) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), end);
        await rest(stream, end);
    };

    private static Task End(Stream stream, CancellationToken end) => Task.CompletedTask;

    private static async Task Hang(Stream stream, CancellationToken end)
    {
        // Until the other side has gone.
        var buffer = new byte[1024];
        while (await stream.ReadAsync(buffer, end) > 0) await Task.Yield();
    }

    private static async Task DripAsync(Stream stream, CancellationToken end)
    {
        foreach (var value in "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray())
        {
            await stream.WriteAsync(new[] { value }, end);
            await Task.Delay(TimeSpan.FromSeconds(1), end);
        }
    }

    private static async Task RepeatAsync(Stream stream, byte[] part, CancellationToken end)
    {
        for (long written = 0; written < TenGigabytes; written += part.Length) await stream.WriteAsync(part, end);
    }

    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(new byte[16 << 20]);
        return packed.ToArray();
    }
}
