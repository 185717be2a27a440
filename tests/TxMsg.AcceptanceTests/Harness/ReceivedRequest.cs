using System.Text;
using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>One request that reached a receiver.</summary>
public sealed record ReceivedRequest(string Method, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At)
{
    /// <summary>Deliveries and check-backs both carry the message's id as Standard Webhooks prescribes.</summary>
    public string MessageId => Header(HeaderNames.WebhookId) ?? "";

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
