using Hangfire;
using Microsoft.Extensions.Options;
using TxMsg.Server.Alerts;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Retention;

namespace TxMsg.Server.Jobs;

/// <summary>Makes the schedule at every start: in-memory storage has lost it, and intervals may have changed.</summary>
internal sealed class JobSchedule(IRecurringJobManagerV2 jobs, IOptions<CheckBackOptions> checkBacks, IOptions<RetentionOptions> retention, IOptions<AlertOptions> alerts) : IHostedService
{
    private static readonly TimeSpan LeaseSweepInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BulkActionSweepInterval = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Add("check-back-sweep", nameof(RecurringJobs.SweepCheckBacksAsync), checkBacks.Value.SweepInterval);
        Add("expired-lease-sweep", nameof(RecurringJobs.SweepLeasesAsync), LeaseSweepInterval);
        Add("bulk-action-sweep", nameof(RecurringJobs.SweepBulkActionsAsync), BulkActionSweepInterval);
        Add("purge", nameof(RecurringJobs.PurgeAsync), retention.Value.SweepInterval);
        Add("alert-check", nameof(RecurringJobs.CheckAlertsAsync), alerts.Value.CheckInterval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Add(string id, string method, TimeSpan interval)
    {
        var job = new Hangfire.Common.Job(typeof(RecurringJobs), typeof(RecurringJobs).GetMethod(method)!, [CancellationToken.None], JobQueues.Maintenance);
        jobs.AddOrUpdate(id, job, Intervals.ToCron(interval), new RecurringJobOptions { MisfireHandling = MisfireHandlingMode.Ignorable });
    }
}
