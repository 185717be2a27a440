using TxMsg.Server.BulkActions;

namespace TxMsg.Server.Jobs;

/// <summary>Queues, each with workers of its own: a hundred hanging producers never keep the purge or the sweeps waiting.</summary>
internal static class JobQueues
{
    public const string CheckBacks = "check-backs";

    public const string BulkActions = "bulk-actions";

    public const string Maintenance = "maintenance";

    /// <summary>How many of a node's jobs ask producers at once; those that take long go on without: <see cref="CheckBackWorkers"/>.</summary>
    public const int CheckBackWorkers = 32;

    public const int MaintenanceWorkers = 4;

    /// <summary>As many as hold leases over all nodes: one that has been started never waits for a worker.</summary>
    public const int BulkActionWorkers = BulkActionSweeper.MaxUnderWay;
}
