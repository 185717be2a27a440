using System.Text;
using TxMsg.Benchmarks.Ledger;

namespace TxMsg.Benchmarks.Driving;

/// <summary>The bytes of a prepare and of a commit; only the id changes from one transaction to the next.</summary>
internal sealed class RequestTemplates
{
    private readonly byte[] prepare;
    private readonly byte[] commit;
    private readonly int prepareIdAt;
    private readonly int commitIdAt;

    public RequestTemplates(Uri server, int payloadBytes)
    {
        var body = PrepareBody.Template(payloadBytes);
        prepare = Request("/v1/messages", server, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        commit = Request($"/v1/messages/{PrepareBody.IdPlace}/commit", server, "Content-Length: 0\r\n\r\n");
        prepareIdAt = prepare.AsSpan().IndexOf(Encoding.ASCII.GetBytes(PrepareBody.IdPlace));
        commitIdAt = commit.AsSpan().IndexOf(Encoding.ASCII.GetBytes(PrepareBody.IdPlace));
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
