using System.Text.Json;
using TxMsg.Contracts;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>A request that an <see cref="Inbox"/> got.</summary>
internal sealed record Received(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Text(string property) => Json.GetProperty(property).GetString();

    public bool IsSignedWith(WebhookSecret secret) =>
        this[HeaderNames.WebhookSignature] == WebhookSignature.Sign(secret, this[HeaderNames.WebhookId]!, long.Parse(this[HeaderNames.WebhookTimestamp]!), Body);
}
