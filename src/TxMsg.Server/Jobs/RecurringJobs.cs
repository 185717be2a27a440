using System.ComponentModel;
using TxMsg.Server.Alerts;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Retention;

namespace TxMsg.Server.Jobs;

/// <summary>What runs again and again; what each returns is shown beside it in the admin UI.</summary>
public sealed class RecurringJobs(CheckBackSweeper checkBacks, ExpiredLeaseSweeper leases, PurgeTurn purge, AlertCheck alerts, BulkActionSweeper bulkActions)
{
    /// <summary>Starts a job for each producer with overdue half messages.</summary>
    [DisplayName("Sweep overdue half messages")]
    public Task<int> SweepCheckBacksAsync(CancellationToken cancellationToken) => checkBacks.RunAsync(cancellationToken);

    /// <summary>Makes deliveries due again whose holder is gone.</summary>
    [DisplayName("Sweep expired leases")]
    public Task<int> SweepLeasesAsync(CancellationToken cancellationToken) => leases.RunAsync(cancellationToken);

    /// <summary>Starts bulk actions that wait, and takes up those that were left behind.</summary>
    [DisplayName("Sweep bulk actions")]
    public Task<int> SweepBulkActionsAsync(CancellationToken cancellationToken) => bulkActions.RunAsync(cancellationToken);

    /// <summary>Deletes what is finished and old; nothing where another node does, or has just done.</summary>
    [DisplayName("Purge finished messages")]
    public Task<PurgeCounts?> PurgeAsync(CancellationToken cancellationToken) => purge.RunAsync(cancellationToken);

    /// <summary>Raises and clears alerts.</summary>
    [DisplayName("Check alerts")]
    public Task<AlertCheckCounts> CheckAlertsAsync(CancellationToken cancellationToken) => alerts.RunAsync(cancellationToken);
}
