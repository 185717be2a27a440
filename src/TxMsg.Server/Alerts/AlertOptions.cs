namespace TxMsg.Server.Alerts;

/// <summary>What needs a person, and who is told: section <c>TxMsg:Alerts</c>.</summary>
public sealed class AlertOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:Alerts";

    /// <summary>Where alerts are posted: an absolute http or https URL that <c>TxMsg:Webhooks</c> lets the server call. Default: none;
    /// alerts are then logged, counted and listed by <c>GET /v1/alerts</c>.</summary>
    public string? Url { get; set; }

    /// <summary>Signs the webhook as Standard Webhooks prescribes (<c>whsec_...</c>). Required with <see cref="Url"/>.</summary>
    public string? Secret { get; set; }

    /// <summary>How often the conditions are looked at: 1 s to 1 h. Default 15 s. Parking and dead-lettering are looked at within a second or
    /// two. An alert clears when its condition has not held for one interval, so that one that comes and goes is not told each time.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A half message that has waited this long for its verdict raises an alert: 1 s to 30 days. Default 10 min.</summary>
    public TimeSpan OldestPreparedAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A pending delivery that has waited this long raises an alert for its subscription: 1 s to 30 days. Default 10 min.</summary>
    public TimeSpan OldestPendingAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The deadline of one webhook: 0.1 s to 1 min. Default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
