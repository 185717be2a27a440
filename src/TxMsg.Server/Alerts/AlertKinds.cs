namespace TxMsg.Server.Alerts;

/// <summary>What alerts are about, in the words of the wire.</summary>
public static class AlertKinds
{
    /// <summary>A producer has half messages whose check-backs are exhausted.</summary>
    public const string Parked = "parked";

    /// <summary>A subscription has deliveries whose attempts are exhausted.</summary>
    public const string DeadLettered = "deadLettered";

    /// <summary>A producer's oldest half message has waited too long for its verdict.</summary>
    public const string OldestPrepared = "oldestPrepared";

    /// <summary>A subscription's oldest pending delivery has waited too long.</summary>
    public const string OldestPending = "oldestPending";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Parked, DeadLettered, OldestPrepared, OldestPending];
}
