using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace TxMsg.Benchmarks.Driving;

/// <summary>Reads one HTTP/1.1 answer after the other from a connection that never pipelines.</summary>
internal sealed class AnswerReader
{
    private const int LargestAnswer = 32_768;
    private const int Unknown = -1;
    private const int Chunked = -2;

    private readonly byte[] buffer = new byte[LargestAnswer];
    private int filled;
    private int bodyAt;
    private int bodyLength = Unknown;

    public int Status { get; private set; }

    public string Text => Encoding.UTF8.GetString(buffer, 0, filled);

    public void Reset()
    {
        filled = 0;
        bodyLength = Unknown;
    }

    /// <summary>Takes what has arrived; true when the answer is whole.</summary>
    public bool Receive(Socket socket)
    {
        var read = filled < buffer.Length ? socket.Receive(buffer.AsSpan(filled)) : 0;
        if (read == 0)
            throw new BenchmarkFailedException($"The server closed a connection, or answered with more than {LargestAnswer} bytes: {Text}");
        filled += read;
        if (bodyLength == Unknown && !ReadHead())
            return false;
        return bodyLength == Chunked ? HasLastChunk() : filled >= bodyAt + bodyLength;
    }

    private bool ReadHead()
    {
        var end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        bodyAt = end + 4;
        bodyLength = 0;
        var head = buffer.AsSpan(0, end);
        Status = Utf8Parser.TryParse(head[9..], out int status, out _) ? status : 0;
        foreach (var range in head.Split((byte)'\n'))
            ReadField(head[range]);
        return true;
    }

    private void ReadField(ReadOnlySpan<byte> field)
    {
        const int contentLengthName = 16;
        if (field.Length > contentLengthName && Ascii.EqualsIgnoreCase(field[..contentLengthName], "content-length: "u8))
            bodyLength = Utf8Parser.TryParse(field[contentLengthName..], out int length, out _) ? length : 0;
        else if (Ascii.EqualsIgnoreCase(field.TrimEnd((byte)'\r'), "transfer-encoding: chunked"u8))
            bodyLength = Chunked;
    }

    private bool HasLastChunk()
    {
        var at = bodyAt;
        while (Utf8Parser.TryParse(buffer.AsSpan(at, filled - at), out int size, out var digits, 'x'))
        {
            var next = at + digits + 2 + size + 2;
            if (next > filled)
                return false;
            if (size == 0)
                return true;
            at = next;
        }

        return false;
    }
}
