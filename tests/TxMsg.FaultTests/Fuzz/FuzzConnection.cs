using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TxMsg.FaultTests.Fuzz;

/// <summary>What the server said to a request.</summary>
internal sealed record FuzzAnswer(int Status, string? ContentType, byte[] Body, bool Closes);

/// <summary>A connection that sends bytes as they are, and reads the answers as HTTP prescribes. Opened anew when the server has closed it.</summary>
internal sealed class FuzzConnection(int port) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly byte[] buffer = new byte[64 * 1024];
    private Socket? socket;
    private int from;
    private int to;

    /// <summary>Sends and reads one answer; null when the connection was closed without one.</summary>
    /// <exception cref="FaultTestException">No answer in a minute, or one that is not HTTP.</exception>
    public async Task<FuzzAnswer?> AskAsync(FuzzRequest request, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            if (socket is null) await ConnectAsync(patience.Token);
            var sending = SendAsync(request.Bytes, patience.Token);
            var answer = await ReadAsync(request.IsHead, patience.Token);
            // A refusal may come before all was sent; then nothing more can follow on this connection.
            if (answer is null || answer.Closes || !sending.IsCompleted) Close();
            await sending;
            return answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Close();
            throw new FaultTestException($"no answer within {Patience} to {request}");
        }
    }

    /// <summary>Sends bytes, with pauses between the pieces, and returns what came until the server closed or a while passed.</summary>
    public async Task<string> ThrowAsync(IReadOnlyList<byte[]> pieces, bool resets, TimeSpan wait, CancellationToken cancellation)
    {
        Close();
        await ConnectAsync(cancellation);
        var answer = new StringBuilder();
        try
        {
            foreach (var piece in pieces)
            {
                await SendAsync(piece, cancellation);
                if (pieces.Count > 1) await Task.Delay(2, cancellation);
            }

            if (!resets) await CollectAsync(answer, wait, cancellation);
        }
        finally
        {
            if (resets) socket!.LingerState = new LingerOption(true, 0);
            Close();
        }

        return answer.ToString();
    }

    public void Dispose() => Close();

    private async Task CollectAsync(StringBuilder answer, TimeSpan wait, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(wait);
        try
        {
            for (int read; (read = await socket!.ReceiveAsync(buffer, end.Token)) > 0;) answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It was reset, or says no more: half a request may wait for its other half.
        }
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        (from, to) = (0, 0);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
    }

    private void Close()
    {
        socket?.Dispose();
        socket = null;
    }

    // What the server does not want to read, it does not.
    private async Task SendAsync(byte[] bytes, CancellationToken cancellation)
    {
        try
        {
            var current = socket!;
            for (var at = 0; at < bytes.Length;) at += await current.SendAsync(bytes.AsMemory(at), cancellation);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The answer, if there is one, says why.
        }
    }

    private async Task<FuzzAnswer?> ReadAsync(bool isHead, CancellationToken cancellation)
    {
        while (true)
        {
            if (await LineAsync(cancellation) is not { } first) return null;
            var status = Status(first);
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await LineAsync(cancellation) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }

            if (status < 200) continue;
            var body = isHead || status is 204 or 304 ? [] : await BodyAsync(headers, cancellation);
            return new FuzzAnswer(status, headers.GetValueOrDefault("Content-Type"), body, headers.GetValueOrDefault("Connection") == "close");
        }
    }

    private static int Status(string line) => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
        ? status
        : throw new FaultTestException($"'{line}' is no status line");

    private async Task<byte[]> BodyAsync(Dictionary<string, string> headers, CancellationToken cancellation)
    {
        if (headers.TryGetValue("Content-Length", out var length)) return await ExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellation);
        var body = new MemoryStream();
        if (headers.GetValueOrDefault("Transfer-Encoding") != "chunked") return [];
        while (int.Parse(await LineAsync(cancellation) ?? "0", NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.Write(await ExactlyAsync(size, cancellation));
            await LineAsync(cancellation);
        }

        await LineAsync(cancellation);
        return body.ToArray();
    }

    private async Task<byte[]> ExactlyAsync(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count;)
        {
            if (from == to && !await FillAsync(cancellation)) throw new FaultTestException("the connection was closed in the middle of an answer");
            var part = Math.Min(to - from, count - i);
            buffer.AsSpan(from, part).CopyTo(bytes.AsSpan(i));
            from += part;
            i += part;
        }

        return bytes;
    }

    private async Task<string?> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (from == to && !await FillAsync(cancellation)) return null;
            var letter = (char)buffer[from++];
            if (letter == '\n') return line.ToString();
            if (letter != '\r') line.Append(letter);
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        try
        {
            (from, to) = (0, await socket!.ReceiveAsync(buffer, cancellation));
            return to > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
