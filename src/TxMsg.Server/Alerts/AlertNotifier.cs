using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TxMsg.Contracts.Operations;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Alerts;

/// <summary>Tells the receiver of alerts.</summary>
public sealed class AlertNotifier(WebhookSender sender, IOptions<AlertOptions> options, TimeProvider time)
{
    private readonly Uri? endpoint = string.IsNullOrEmpty(options.Value.Url) ? null : new Uri(options.Value.Url);
    private readonly WebhookSecret[] secrets = string.IsNullOrEmpty(options.Value.Secret) ? [] : [WebhookSecret.Parse(options.Value.Secret)];

    /// <summary>Whether there is somebody to tell.</summary>
    public bool HasReceiver => endpoint is not null;

    /// <summary>Sends once.</summary>
    /// <param name="row">The alert.</param>
    /// <param name="condition">As it is now; null for a clearing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of it; null when there is no receiver to tell.</returns>
    public async Task<WebhookResult?> SendAsync(AlertRow row, AlertCondition? condition, CancellationToken cancellationToken)
    {
        if (endpoint is null) return null;
        var status = row.IsClearing ? "cleared" : "raised";
        var notification = new AlertNotification
        {
            Alert = row.Kind,
            Status = status,
            Subject = row.Subject,
            Count = condition?.Count ?? 0,
            AgeSeconds = condition?.Age?.TotalSeconds,
            Detail = condition is null ? AlertTexts.Cleared(row.Kind, row.Subject) : AlertTexts.Raised(condition),
            RaisedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.RaisedAt),
            At = time.GetUtcNow(),
        };
        return await sender.SendAsync(
            new WebhookRequest
            {
                Endpoint = endpoint,
                Id = IdOf(row, status),
                Body = JsonSerializer.SerializeToUtf8Bytes(notification, AlertJson.Default.AlertNotification),
                ContentType = "application/json",
                Secrets = secrets,
                Timeout = options.Value.Timeout,
            },
            cancellationToken);
    }

    // The same at each try, on each node: the receiver tells a repetition by it. Hashed, because names may have full stops.
    private static string IdOf(AlertRow row, string status)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(row.ConditionKey)).AsSpan(0, 8));
        return $"alert-{hash}-{row.RaisedAt}-{status}";
    }
}
