using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Server;

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
        else scheduler.Execute(context);
    }
}
