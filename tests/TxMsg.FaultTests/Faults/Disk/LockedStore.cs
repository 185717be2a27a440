using Microsoft.Data.Sqlite;

namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>Another process, a backup say, holds the database's write lock: writers wait or are told 503, and all goes on when it lets go.</summary>
internal sealed record LockedStore() : Fault(6, "locked-store", "the database locked by another process: waiting or 503, no false acknowledgement, recovery")
{
    public override IReadOnlyList<string> Sizes => ["locked-seconds"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var seconds = run.Size("locked-seconds", 8, 30);
        await using var world = await World.StartAsync(run);
        var load = world.StartLoad();
        await world.MoreMessagesAsync(200);
        var (successes, during, unready) = await LockAsync(world, TimeSpan.FromSeconds(seconds), run.Cancellation);
        await world.MoreMessagesAsync(200);
        await load.EndAsync();
        var drained = await world.DrainAsync();
        var row = await new Judge(world).JudgeAsync(this, run);
        if (successes > 0) row = row with { Violations = [.. row.Violations, $"{successes} writes were acknowledged while the database was locked"] };
        return row with
        {
            Times = 1,
            Note = FormattableString.Invariant($"{during} calls told 503 meanwhile, {(unready ? "not ready" : "ready")} at its end, slowest answer {world.ProducerCalls.Slowest.TotalSeconds:0.0} s, drained in {drained.TotalSeconds:0.0} s"),
        };
    }

    private static async Task<(int Successes, int Refused, bool Unready)> LockAsync(World world, TimeSpan time, CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = world.StorePath, Pooling = false }.ToString());
        await connection.OpenAsync(cancellation);
        await using var transaction = connection.BeginTransaction(deferred: false);
        // What was acknowledged before the lock was ours may still be on its way to its caller.
        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        var (acknowledged, refused) = (Acknowledged(world), world.ProducerCalls.Count(503));
        await Task.Delay(time, cancellation);
        var ready = await world.Calls.GetAsync("/health/ready");
        var result = (Acknowledged(world) - acknowledged, world.ProducerCalls.Count(503) - refused, ready?.Status != 200);
        await transaction.RollbackAsync(cancellation);
        return result;
    }

    private static int Acknowledged(World world) => world.Recorder.Messages.Count(message => message.IsStored);
}
