using Microsoft.Extensions.Options;
using TxMsg.Server.Storage;

namespace TxMsg.Server.CheckBacks;

/// <summary>Finds producers with overdue half messages and gives each a job of its own, one at a time over all nodes. A sweep looks ahead:
/// what falls due before the next one is waited for, so that a message is asked about when it is due and not up to an interval later.</summary>
public sealed class CheckBackSweeper(
    StoreDatabase database, CheckBackJobLeases leases, ProducerBreaker breaker, UnansweredParker parker, ICheckBackJobs jobs, IOptions<CheckBackOptions> options, TimeProvider time)
{
    // A sweep that waits keeps a worker; whoever sweeps less often than this does not ask for punctuality.
    private static readonly TimeSpan FarthestAhead = TimeSpan.FromSeconds(10);

    // Between two looks: what falls due within it is found together.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    // With thousands of producers a look is not for nothing: looking takes at most one part in so many of the time.
    private const int PauseShare = 10;

    // Longer than a job takes from its last look to giving its lease back.
    private static readonly TimeSpan JobsEnd = TimeSpan.FromSeconds(1);

    /// <summary>One sweep, which looks again and again until its time is over or nothing more falls due in it; returns how many jobs it started.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var ahead = options.Value.SweepInterval < FarthestAhead ? options.Value.SweepInterval : FarthestAhead;
        await parker.RunAsync(cancellationToken);
        var (started, began, end) = (0, time.GetTimestamp(), time.GetUtcNow() + ahead);
        while (true)
        {
            var (now, looked) = (time.GetUtcNow(), time.GetTimestamp());
            started += await LookAsync(cancellationToken);
            if (await FindNextAsync(now, end, cancellationToken) is not { } next) return started;
            // Not by the clock on the wall, which may be set meanwhile.
            if (time.GetElapsedTime(began) >= ahead) return started;
            var least = Clamp(PauseShare * time.GetElapsedTime(looked), ShortestPause, FarthestAhead);
            await Task.Delay(Clamp(next - time.GetUtcNow(), least, FarthestAhead), time, cancellationToken);
        }
    }

    /// <summary>Starts jobs for what is overdue now; returns how many.</summary>
    public async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        await leases.ReleaseLeftoversAsync();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var producers = await database.ReadAsync(connection => connection.QueryAsync<long>("ListProducersWithOverdueMessages", new { now }), cancellationToken);
        var started = 0;
        foreach (var producerId in producers)
        {
            if (!breaker.IsOpen(producerId) && await leases.StartJobAsync(producerId, token => jobs.Enqueue(producerId, token), cancellationToken)) started++;
        }

        return started;
    }

    /// <summary>When to look again; null when nothing falls due before the end.</summary>
    private async Task<DateTimeOffset?> FindNextAsync(DateTimeOffset now, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var parameters = new { after = (now - JobsEnd).ToUnixTimeMilliseconds(), end = end.ToUnixTimeMilliseconds() };
        var next = await database.ReadAsync(connection => connection.QuerySingleAsync<long?>("FindNextCheckBack", parameters), cancellationToken);
        return next is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
