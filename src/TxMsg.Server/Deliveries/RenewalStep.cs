using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Renews leases.</summary>
public sealed class RenewalStep : WriteStep<RenewalOperation>
{
    private static readonly BatchStatement<RenewalOperation> RenewLeases = new(
        "RenewLeases", "dbo.renewal_rows",
        [new("id", BatchColumnType.Int64), new("lease_token", BatchColumnType.Int64), new("leased_until", BatchColumnType.Int64)],
        static (row, write) =>
        {
            write.Int64(row.Delivery.Id);
            write.Int64(row.LeaseToken);
            write.Int64(row.LeasedUntil);
        });

    /// <inheritdoc/>
    protected override void Apply(WriteSession session, IReadOnlyList<RenewalOperation> operations)
    {
        var byId = new Dictionary<long, RenewalOperation>(operations.Count);
        foreach (var operation in operations)
        {
            operation.Result = false;
            byId[operation.Delivery.Id] = operation;
        }

        session.Query(RenewLeases, byId.Values.ToArray(), row => byId[row.Int64(0)].Result = true);
    }
}
