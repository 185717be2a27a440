namespace TxMsg.Server.Alerts;

/// <summary>A row of <c>alerts</c>; times are Unix milliseconds.</summary>
public sealed class AlertRow
{
    public string ConditionKey { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Subject { get; init; } = "";

    public string Detail { get; init; } = "";

    public long RaisedAt { get; init; }

    public long? NotifiedAt { get; init; }

    public long? ClearedAt { get; init; }

    public long ClaimedUntil { get; init; }

    /// <summary>Whether what is to be told is that it cleared.</summary>
    public bool IsClearing => ClearedAt is not null;
}
