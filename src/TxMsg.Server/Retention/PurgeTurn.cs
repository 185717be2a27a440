using Microsoft.Extensions.Options;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Retention;

/// <summary>Lets one node purge for all: each is reminded at the same time, and a purge looks at every old message. The node holds a lease
/// meanwhile, so that another one purges when it dies, at the next reminder after the lease.</summary>
public sealed partial class PurgeTurn(StoreDatabase database, Purger purger, IOptions<RetentionOptions> options, TimeProvider time, ILogger<PurgeTurn> logger)
{
    /// <summary>For how long a node purges without saying that it still does.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    // So far apart may two nodes take up the same reminder; an operator who purges by hand waits no longer.
    private static readonly TimeSpan LongestSpread = TimeSpan.FromSeconds(30);

    private const string Name = "purge";

    /// <summary>One purge; null when a node is at it, or has just been.</summary>
    public async Task<PurgeCounts?> RunAsync(CancellationToken cancellationToken)
    {
        var token = LeaseToken.New();
        if (!await AcquireAsync(token)) return null;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var purging = purger.RunAsync(ending.Token);
        try
        {
            while (!await EndsAsync(purging))
            {
                if (await ChangeAsync("RenewSweep", new { name = Name, token, until = After(Lease) })) continue;
                LogLost();
                await ending.CancelAsync();
                break;
            }

            var counts = await purging;
            LogPurged(counts);
            return counts;
        }
        finally
        {
            await ending.CancelAsync();
            await ((Task)purging).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ChangeAsync("ReleaseSweep", new { name = Name, token });
        }
    }

    private async Task<bool> EndsAsync(Task purging) => await Task.WhenAny(purging, Task.Delay(Lease / 3, time, CancellationToken.None)) == purging;

    private Task<bool> AcquireAsync(long token)
    {
        var half = options.Value.SweepInterval / 2;
        var spread = half < LongestSpread ? half : LongestSpread;
        return ChangeAsync("AcquireSweep", new { name = Name, token, now = After(TimeSpan.Zero), until = After(Lease), notSince = After(-spread), latest = After(Lease + LongestSpread) });
    }

    private long After(TimeSpan span) => (time.GetUtcNow() + span).ToUnixTimeMilliseconds();

    private Task<bool> ChangeAsync(string statement, object parameters) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(statement, parameters) > 0);

    [LoggerMessage(4301, LogLevel.Information, "Purged for all nodes: {Counts}")]
    private partial void LogPurged(PurgeCounts counts);

    [LoggerMessage(4302, LogLevel.Warning, "The purge took too long to say that it goes on, and is left to another node")]
    private partial void LogLost();
}
