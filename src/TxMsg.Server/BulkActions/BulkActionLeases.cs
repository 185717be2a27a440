using TxMsg.Server.Storage;

namespace TxMsg.Server.BulkActions;

/// <summary>Who works on a bulk action: one job over all nodes, by a lease that it renews with everything it records.</summary>
public sealed class BulkActionLeases(StoreDatabase database)
{
    /// <summary>How many jobs hold a lease now, over all nodes.</summary>
    public Task<long> CountUnderWayAsync(long now, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.QuerySingleAsync<long>("CountBulkActionsUnderWay", new { now }), cancellationToken);

    /// <summary>Those that nobody works on, oldest first.</summary>
    public Task<IReadOnlyList<BulkActionRow>> ListStartableAsync(long now, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.QueryAsync<BulkActionRow>("ListStartableBulkActions", new { now, limit }), cancellationToken);

    /// <summary>Takes one on; false when another node was quicker.</summary>
    public Task<bool> AcquireAsync(long seq, long token, long now, long until) =>
        ChangeAsync("AcquireBulkAction", new { seq, token, now, until });

    /// <summary>Begins, or goes on; null when the lease was lost or somebody ended it.</summary>
    public Task<BulkActionRow?> BeginAsync(long seq, long token, long now, long until) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync("BeginBulkAction", new { seq, token, now, until }) == 0
            ? null
            : await connection.QuerySingleOrDefaultAsync<BulkActionRow>("FindBulkActionOfLease", new { seq, token }));

    /// <summary>Notes how far it is and renews the lease; false when the lease was lost or somebody ended it.</summary>
    public Task<bool> RecordAsync(BulkActionRow row, long position, BulkOutcome outcome, long until) => ChangeAsync(
        "RecordBulkAction",
        new { seq = row.Seq, token = row.LeaseToken, position, examined = outcome.Examined, done = outcome.Done, failed = outcome.Failed, until });

    /// <summary>Notes its end.</summary>
    public Task<bool> FinishAsync(BulkActionRow row, BulkActionState state, string? error, long now) =>
        ChangeAsync("FinishBulkAction", new { seq = row.Seq, token = row.LeaseToken, state = (int)state, error, now });

    /// <summary>Gives it back, for a job to go on with after <paramref name="until"/>.</summary>
    public Task<bool> ReleaseAsync(BulkActionRow row, long until) =>
        ChangeAsync("ReleaseBulkAction", new { seq = row.Seq, token = row.LeaseToken, until });

    private Task<bool> ChangeAsync(string statement, object parameters) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(statement, parameters) > 0);
}
