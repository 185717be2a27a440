namespace TxMsg.Server.Alerts;

/// <summary>What an alert check did; what an operator reads beside the job.</summary>
/// <param name="Active">Conditions that hold.</param>
/// <param name="Raised">Alerts that this check raised.</param>
/// <param name="Cleared">Alerts that it ended.</param>
/// <param name="Notified">Webhooks that were acknowledged.</param>
/// <param name="Failed">Webhooks that were not; they are sent again at the next check.</param>
public sealed record AlertCheckCounts(int Active, int Raised, int Cleared, int Notified, int Failed)
{
    /// <summary>Nothing was done.</summary>
    public static AlertCheckCounts None { get; } = new(0, 0, 0, 0, 0);
}
