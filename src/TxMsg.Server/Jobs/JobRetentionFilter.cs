using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace TxMsg.Server.Jobs;

/// <summary>A sweep every few seconds leaves thousands of finished jobs a day: what has succeeded goes after an hour, what has
/// failed after a week (Hangfire itself would keep failed ones for ever).</summary>
internal sealed class JobRetentionFilter : JobFilterAttribute, IApplyStateFilter
{
    private static readonly TimeSpan Succeeded = TimeSpan.FromHours(1);
    private static readonly TimeSpan Failed = TimeSpan.FromDays(7);

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is FailedState) transaction.ExpireJob(context.BackgroundJob.Id, Failed);
        else if (context.NewState.IsFinal) context.JobExpirationTimeout = Succeeded;
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
