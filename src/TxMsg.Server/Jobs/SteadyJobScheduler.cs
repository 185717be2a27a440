using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.Storage;

namespace TxMsg.Server.Jobs;

/// <summary>Starts recurring jobs by this node's clock, where that is not the machine's. Hangfire's own scheduler goes by the machine's: it would count
/// every second of a leap forward while it holds its lock, and wait for as long as a leap back is.</summary>
internal sealed class SteadyJobScheduler(IJobFilterProvider filters, ITimeZoneResolver timeZones, TimeProvider time) : IBackgroundProcess
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly RecurringJobScheduler? scheduler = ReplacesHangfires(time)
        ? new RecurringJobScheduler(new BackgroundJobFactory(filters), Interval, timeZones, () => time.GetUtcNow().UtcDateTime)
        : null;

    /// <summary>Whether Hangfire must not start recurring jobs itself.</summary>
    public static bool ReplacesHangfires(TimeProvider time) => !ReferenceEquals(Hosting.SteadyClock.WallOf(time), time);

    public void Execute(BackgroundProcessContext context)
    {
        if (scheduler is null) context.Wait(Timeout.InfiniteTimeSpan);
        else scheduler.Execute(OnThisNodesClock(context));
    }

    private static BackgroundProcessContext OnThisNodesClock(BackgroundProcessContext context) => new(
        context.ServerId, new ClocklessStorage(context.Storage), context.Properties.ToDictionary(), context.ExecutionId, context.StoppingToken, context.StoppedToken, context.ShutdownToken);

    /// <summary>A storage that has no clock to offer. The scheduler prefers the storage's to the one that it was given, and that of the storage
    /// in memory is the machine's: a job that ran once during a leap would next run when that time comes.</summary>
    private sealed class ClocklessStorage(JobStorage storage) : JobStorage
    {
        public override bool LinearizableReads => storage.LinearizableReads;

        public override IMonitoringApi GetMonitoringApi() => storage.GetMonitoringApi();

        public override IStorageConnection GetConnection() => storage.GetConnection();

        public override bool HasFeature(string featureId) => featureId != JobStorageFeatures.Connection.GetUtcDateTime && storage.HasFeature(featureId);
    }
}
