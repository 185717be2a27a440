using System.Globalization;
using System.Text;

namespace TxMsg.FaultTests.Fuzz;

/// <summary>What comes over a socket from who does not speak HTTP, or speaks it to smuggle.</summary>
internal static class Garbage
{
    private const string Prepare = """{"producer":"fuzz-producer-0","topic":"fuzz-topic","payload":1}""";

    /// <summary>The pieces that are sent, one after the other.</summary>
    public static IReadOnlyList<byte[]> Write(Random random) => Pieces(random).Select(piece => piece.Bytes).ToArray();

    private static Piece[] Pieces(Random random) => random.Next(16) switch
    {
        0 => [Bytes(random)],
        1 => [Head($"Content-Length: {Prepare.Length}\r\nTransfer-Encoding: chunked") + $"0\r\n\r\n{Prepare}"],
        2 => [Head("Content-Length: 5\r\nContent-Length: 6") + "abcdef"],
        3 => [Head(random.Pick(["Transfer-Encoding: chunked, identity", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding : chunked", "Transfer-Encoding:\tchunked", "transfer-encoding: xchunked"])) + "5\r\nabcde\r\n0\r\n\r\n"],
        4 => [Head("Transfer-Encoding: chunked") + random.Pick(["zz\r\nabc\r\n", "-1\r\n", "ffffffffffffffff\r\na", "5;x=y\r\nabcde\r\n0\r\nX: y\r\n\r\n", "5\nabcde\n0\n\n", "5\r\nabcdefgh\r\n", "0x5\r\nabcde\r\n0\r\n\r\n", "1\r\na\r\n\r\n"])],
        5 => [Head("Content-Length: " + random.Pick(["-1", "+5", "99999999999999999999", "5,5", "0x5", "", "5 5", "4294967301"])) + "abcde"],
        6 => ["POST /v1/messages HTTP/1.1\rHost: 127.0.0.1\r\r", "GET /v1/stats HTTP/1.1\nHost: 127.0.0.1\n\n"],
        7 => [$"GET /v1/stats HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {new string('a', random.Pick([8_000, 16_000, 17_000, 100_000]))}\r\n\r\n"],
        8 => ["GET /v1/stats HTTP/1.1\r\nHost: 127.0.0.1\r\n" + string.Concat(Enumerable.Range(0, random.Pick([63, 64, 65, 2_000])).Select(i => $"X-{i}: y\r\n")) + "\r\n"],
        9 => [$"GET /v1/messages?{new string('x', random.Pick([7_000, 9_000, 60_000]))} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"],
        10 => [string.Concat(Enumerable.Repeat("GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", random.Next(2, 60)))],
        11 => [.. Half(random)],
        12 => [random.Pick(["GET /v1/stats HTTP/0.9\r\n\r\n", "GET /v1/stats\r\n\r\n", "GET  /v1/stats  HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\r\n\r\n\r\n", "GET /v1/stats HTTP/1.1\r\n\r\n", "GET /v1/stats HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "CONNECT 127.0.0.1:9 HTTP/1.1\r\nHost: 127.0.0.1:9\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET http://evil.test/v1/stats HTTP/1.1\r\nHost: evil.test\r\n\r\n", "GET /v1/stats HTTP/1.1\r\nHost: evil.test\r\n\r\n", "GET /\0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"])],
        13 => [$"GET /v1/stats HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Y: a{random.Pick(["\rb", "\nb", "\0b", "\r\n continued", "\u00ff\u0080", "\u007f"])}\r\n\r\n"],
        14 => [$"GET /v1/stats HTTP/1.1\r\nHost: 127.0.0.1\r\n{random.Pick([": y", " X: y", "X Y: z", "X\0: y", "X", "(): y", "\u00fc: y"])}\r\n\r\n"],
        _ => [new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03 }.Concat(Bytes(random)).ToArray()],
    };

    private static Piece Head(string headers) => $"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}\r\n\r\n";

    // It comes in pieces, and not all of it.
    private static IEnumerable<Piece> Half(Random random)
    {
        var whole = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {Prepare.Length}\r\n\r\n{Prepare}"));
        var length = random.Next(1, whole.Length);
        var size = Math.Max(1, length / random.Next(1, 8));
        return whole.Take(length).Chunk(size).Select(chunk => (Piece)chunk);
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(1, 2_000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private readonly record struct Piece(byte[] Bytes)
    {
        public static implicit operator Piece(string text) => new(Encoding.Latin1.GetBytes(text));

        public static implicit operator Piece(byte[] bytes) => new(bytes);

        public static Piece operator +(Piece piece, string text) => new([.. piece.Bytes, .. Encoding.Latin1.GetBytes(text)]);
    }
}
