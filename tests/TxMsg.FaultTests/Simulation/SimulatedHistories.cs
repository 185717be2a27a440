namespace TxMsg.FaultTests.Simulation;

/// <summary>Random histories of the whole system, each from its seed: the run's, and those that follow it.</summary>
internal sealed record SimulatedHistories() : Fault(20, "simulation", "random histories of the whole system with a simulated store, clock, network and peers; a failing one is made small")
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

    public override IReadOnlyList<string> Sizes => ["histories"];

    public override Task<FaultRow> RunAsync(FaultRun run)
    {
        var histories = run.Size("histories", 100_000, 250_000);
        var search = Simulator.Search(run.Seed, histories, run.IsLong || histories == 1 ? TimeSpan.FromDays(1) : Short, threads: Environment.ProcessorCount, run.Cancellation,
            progress: count =>
            {
                if (count % 10_000 == 0) run.Say($"{count} histories");
            });
        run.Cancellation.ThrowIfCancellationRequested();
        if (search.Finding is { } finding) run.Say($"{finding.ToString()}");
        var tally = search.Tally;
        return Task.FromResult(new FaultRow(this, run.Seed)
        {
            Times = tally.Faults,
            Acknowledged = tally.Acknowledged,
            // The judge of each history has seen that every one of them is delivered or a dead letter wherever it is wanted.
            Delivered = tally.Acknowledged,
            DeadLettered = tally.DeadLettered,
            Duplicated = tally.Duplicated,
            Violations = search.Finding is { } found ? [found.ToString()] : [],
            Note = FormattableString.Invariant($"{tally.Histories} histories, {tally.Simulated.TotalHours:0} simulated hours"),
        });
    }
}
