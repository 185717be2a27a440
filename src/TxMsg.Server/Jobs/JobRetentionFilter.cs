using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace TxMsg.Server.Jobs;

/// <summary>A sweep every few seconds leaves thousands of finished jobs a day: what has succeeded goes after an hour, what has
/// failed after a week (Hangfire itself would keep failed ones for ever).</summary>
internal sealed class JobRetentionFilter : JobFilterAttribute, IElectStateFilter, IApplyStateFilter
{
    private static readonly TimeSpan Succeeded = TimeSpan.FromHours(1);
    private static readonly TimeSpan Failed = TimeSpan.FromDays(7);

    // After the filter that may try a failed job again.
    public JobRetentionFilter() => Order = 100;

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is FailedState failed) context.CandidateState = new ExpiringFailedState(failed);
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is ExpiringFailedState) context.JobExpirationTimeout = Failed;
        else if (context.NewState.IsFinal) context.JobExpirationTimeout = Succeeded;
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
