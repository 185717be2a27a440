using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Leases due deliveries, a subscription at a time.</summary>
public sealed class ClaimStep : WriteStep<ClaimOperation>
{
    private static readonly BatchStatement<ClaimOperation> ClaimDueDeliveries = new(
        "ClaimDueDeliveries", "dbo.claim_rows",
        [
            new("subscription_id", BatchColumnType.Int64), new("limit", BatchColumnType.Int32), new("now", BatchColumnType.Int64),
            new("leased_until", BatchColumnType.Int64), new("lease_token", BatchColumnType.Int64),
        ],
        static (row, write) =>
        {
            write.Int64(row.SubscriptionId);
            write.Int32(row.Limit);
            write.Int64(row.Now);
            write.Int64(row.LeasedUntil);
            write.Int64(row.Token);
        });

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<ClaimOperation> operations)
    {
        foreach (var operation in operations) operation.Result = session.Execute(ClaimDueDeliveries, [operation]);
    }
}
