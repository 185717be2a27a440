using System.Globalization;
using TxMsg.Server.Deliveries;

namespace TxMsg.Server.BulkActions;

/// <summary>Starts bulk actions that wait, and takes up those whose jobs were lost: a few at once over all nodes.</summary>
public sealed class BulkActionSweeper(BulkActionLeases leases, IBulkActionJobs jobs, TimeProvider time)
{
    /// <summary>So many run at once.</summary>
    public const int MaxUnderWay = 4;

    /// <summary>For how long a job may wait for a worker before another replaces it.</summary>
    public static TimeSpan QueuedLease { get; } = TimeSpan.FromMinutes(1);

    /// <summary>One sweep; returns how many jobs it started.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var startable = await leases.ListStartableAsync(now, MaxUnderWay, cancellationToken);
        if (startable.Count == 0) return 0;
        var free = MaxUnderWay - await leases.CountUnderWayAsync(now, cancellationToken);
        var started = 0;
        foreach (var row in startable.Take((int)Math.Max(0, free)))
        {
            var token = LeaseToken.New();
            if (!await leases.AcquireAsync(row.Seq, token, now, now + (long)QueuedLease.TotalMilliseconds)) continue;
            jobs.Enqueue(row.Seq, token, TitleOf(row));
            started++;
        }

        return started;
    }

    private static string TitleOf(BulkActionRow row)
    {
        var filter = row.ReadFilter();
        var count = row.Total.ToString("N0", CultureInfo.InvariantCulture);
        return row.ActionKind switch
        {
            BulkActionKind.Redeliver => $"Redeliver {count} dead letters of {filter.Subscription}",
            BulkActionKind.Discard => $"Discard {count} dead letters of {filter.Subscription}",
            BulkActionKind.CheckBack => $"Check back {count} undecided messages{Of(filter.Producer)}",
            BulkActionKind.Commit => $"Commit {count} undecided messages{Of(filter.Producer)}",
            _ => $"Roll back {count} undecided messages{Of(filter.Producer)}",
        };
    }

    private static string Of(string? producer) => producer is null ? "" : " of " + producer;
}
