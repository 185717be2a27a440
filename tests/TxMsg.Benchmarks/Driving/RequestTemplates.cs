using System.Text;
using TxMsg.Benchmarks.Ledger;

namespace TxMsg.Benchmarks.Driving;

/// <summary>The bytes of a prepare and of a commit; only the id changes from one transaction to the next.</summary>
internal sealed class RequestTemplates
{
    private const string IdPlace = "00000000-0000-0000-0000-000000000000";

    private readonly byte[] prepare;
    private readonly byte[] commit;
    private readonly int prepareIdAt;
    private readonly int commitIdAt;

    public RequestTemplates(Uri server, int payloadBytes)
    {
        var payload = Convert.ToBase64String(Payload.OfSize(payloadBytes));
        var body = $$"""{"id":"{{IdPlace}}","producer":"{{Names.Producer}}","topic":"{{Names.Topic}}","payloadBase64":"{{payload}}"}""";
        prepare = Request("/v1/messages", server, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        commit = Request($"/v1/messages/{IdPlace}/commit", server, "Content-Length: 0\r\n\r\n");
        prepareIdAt = prepare.AsSpan().IndexOf(Encoding.ASCII.GetBytes(IdPlace));
        commitIdAt = commit.AsSpan().IndexOf(Encoding.ASCII.GetBytes(IdPlace));
    }

    public ReadOnlySpan<byte> Prepare(Guid id) => Patched(prepare, prepareIdAt, id);

    public ReadOnlySpan<byte> Commit(Guid id) => Patched(commit, commitIdAt, id);

    private static ReadOnlySpan<byte> Patched(byte[] request, int at, Guid id)
    {
        id.TryFormat(request.AsSpan(at, MessageIds.TextLength), out _);
        return request;
    }

    private static byte[] Request(string path, Uri server, string rest) =>
        Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{rest}");
}
