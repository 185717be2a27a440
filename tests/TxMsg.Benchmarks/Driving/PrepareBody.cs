using System.Text;
using TxMsg.Benchmarks.Ledger;

namespace TxMsg.Benchmarks.Driving;

/// <summary>The JSON of a prepare; only the id changes from one transaction to the next.</summary>
internal sealed class PrepareBody
{
    public const string IdPlace = "00000000-0000-0000-0000-000000000000";

    private readonly byte[] template;
    private readonly int idAt;

    public PrepareBody(int payloadBytes)
    {
        template = Encoding.ASCII.GetBytes(Template(payloadBytes));
        idAt = template.AsSpan().IndexOf(Encoding.ASCII.GetBytes(IdPlace));
    }

    public static string Template(int payloadBytes)
    {
        var payload = Convert.ToBase64String(Payload.OfSize(payloadBytes));
        return $$"""{"id":"{{IdPlace}}","producer":"{{Names.Producer}}","topic":"{{Names.Topic}}","payloadBase64":"{{payload}}"}""";
    }

    /// <summary>A copy for each: requests are sent at the same time.</summary>
    public byte[] For(Guid id)
    {
        var body = template.AsSpan().ToArray();
        id.TryFormat(body.AsSpan(idAt, MessageIds.TextLength), out _);
        return body;
    }
}
