using System.Net.Sockets;
using System.Text;

namespace TxMsg.Server.Tests.Webhooks;

/// <summary>A request as it stood on the wire.</summary>
internal sealed record ReceivedRequest(string RequestLine, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string? this[string name] =>
        Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).SingleOrDefault();

    public static async Task<ReceivedRequest> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            head.Add(one[0]);
        }

        var lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => (l[..l.IndexOf(':')], l[(l.IndexOf(':') + 1)..].Trim())).ToList();
        var length = headers.Where(h => h.Item1.Equals("content-length", StringComparison.OrdinalIgnoreCase)).Select(h => int.Parse(h.Item2)).Single();
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return new ReceivedRequest(lines[0], headers, body);
    }
}
