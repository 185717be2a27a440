using Hangfire;
using TxMsg.Server.CheckBacks;

namespace TxMsg.Server.Jobs;

/// <summary>Check-backs as Hangfire jobs: each producer's backlog is one, and can be seen working.</summary>
internal sealed class HangfireCheckBackJobs(IBackgroundJobClientV2 client) : ICheckBackJobs
{
    public void Enqueue(long producerId, long token) =>
        client.Create<CheckBackJobs>(jobs => jobs.CheckBackProducerAsync(producerId, token, CancellationToken.None), new Hangfire.States.EnqueuedState(JobQueues.CheckBacks));
}
