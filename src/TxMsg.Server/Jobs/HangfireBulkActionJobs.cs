using Hangfire;
using Hangfire.States;
using TxMsg.Server.BulkActions;

namespace TxMsg.Server.Jobs;

/// <summary>Bulk actions as Hangfire jobs, which can be seen working.</summary>
internal sealed class HangfireBulkActionJobs(IBackgroundJobClientV2 client) : IBulkActionJobs
{
    public void Enqueue(long seq, long token, string title) =>
        client.Create<BulkActionJobs>(jobs => jobs.RunAsync(seq, token, title, null, CancellationToken.None), new EnqueuedState(JobQueues.BulkActions));
}
