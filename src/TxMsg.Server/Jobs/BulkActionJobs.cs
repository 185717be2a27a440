using System.ComponentModel;
using Hangfire.Server;
using TxMsg.Server.BulkActions;

namespace TxMsg.Server.Jobs;

/// <summary>Jobs that work bulk actions off.</summary>
public sealed class BulkActionJobs(BulkActionRunner runner, BulkActionSweeper sweeper, TimeProvider time)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    /// <summary>Works one off; what it returns is shown beside it in the admin UI.</summary>
    [DisplayName("{2}")]
    public async Task<BulkRun?> RunAsync(long seq, long token, string title, PerformContext? context, CancellationToken cancellationToken)
    {
        var shown = time.GetTimestamp();
        var run = await runner.RunAsync(seq, token, Show, cancellationToken);
        // The next one that waits has a place now.
        await sweeper.RunAsync(cancellationToken);
        return run;

        void Show(long examined, long total)
        {
            if (context is null || time.GetElapsedTime(shown) < ProgressInterval) return;
            shown = time.GetTimestamp();
            context.SetJobParameter("Progress", FormattableString.Invariant($"{examined} of {total}"));
        }
    }
}
