using System.Globalization;
using System.Text.Json;
using TxMsg.Client.Producing;
using TxMsg.Contracts;
using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Testing;

/// <summary>Asks a producer's own responder with the signed request that the coordinator sends.</summary>
internal static class CheckBackComposer
{
    public static CheckBackRequest Request(MessageEntry message) => new()
    {
        Id = message.Content.Id,
        Producer = message.Producer.Name,
        Topic = message.Content.Topic,
        Key = message.Content.Key,
        PreparedAt = message.PreparedAt,
        Attempt = message.CheckBacks + 1,
    };

    public static Task<CheckBackResult> AskAsync(CheckBackResponder responder, MessageEntry message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Request(message), JsonSerializerOptions.Web);
        var id = message.Content.Id.ToString();
        var headers = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = "application/json",
            [HeaderNames.WebhookId] = id,
            [HeaderNames.WebhookTimestamp] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            [HeaderNames.WebhookSignature] = message.Producer.Secrets.Sign(id, now, body),
            [HeaderNames.TraceParent] = message.TraceParent,
        };
        return responder.RespondAsync(headers.GetValueOrDefault, body, cancellationToken);
    }
}
