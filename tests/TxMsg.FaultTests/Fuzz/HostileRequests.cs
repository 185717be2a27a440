using System.Diagnostics;

namespace TxMsg.FaultTests.Fuzz;

/// <summary>Malformed and malicious requests, over every endpoint that the API describes.</summary>
internal sealed record HostileRequests() : Fault(19, "fuzz", "malformed and malicious requests over every endpoint, and bytes that are no HTTP")
{
    private const int WarmUp = 4_000;
    private const int Round = 10_000;

    // Beyond what it held at rest after the warm-up.
    private const int MoreMegabytes = 160;
    private const int MoreHandles = 40;
    private const int MoreThreads = 30;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    public override IReadOnlyList<string> Sizes => ["requests"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var requests = run.Size("requests", 40_000, 1_000_000);
        await using var receiver = await Receiver.StartAsync();
        await using var coordinator = await Coordinator.StartAsync(Settings.ForTests);
        var healthy = new HealthyTransactions(coordinator.Api, receiver);
        await healthy.BeginAsync();
        var grammar = ApiGrammar.Read((await coordinator.Api.GetAsync("/openapi/v1.json")).Expect(200).Body);
        var fuzzer = new Fuzzer(coordinator.Address.Port, grammar, run.Seed);
        await fuzzer.RunAsync(WarmUp, 0, run.Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1), run.Cancellation);
        var before = ProcessUsage.Of(coordinator.ProcessId);
        var sent = 0;
        for (var (round, clock) = (1, Stopwatch.StartNew()); sent < requests && fuzzer.Violations.Count == 0 && (run.IsLong || requests < Round || clock.Elapsed < Short); round++)
        {
            var now = Math.Min(Math.Min(Round, run.IsLong ? Round : Round / 5), requests - sent);
            await Task.WhenAll(fuzzer.RunAsync(now, round, run.Cancellation), healthy.GoThroughAsync());
            sent += now;
            if (round % 10 == 0) run.Say($"{sent} requests, {ProcessUsage.Of(coordinator.ProcessId)}");
        }

        List<string> violations = [.. fuzzer.Violations];
        if (coordinator.HasExited) violations.Add($"I5 the process has ended: {coordinator.Log}");
        else violations.AddRange(await LookAtAsync(coordinator, healthy, before));
        var statuses = string.Join(", ", fuzzer.Statuses.Select(pair => FormattableString.Invariant($"{pair.Value} x {pair.Key}")));
        return new FaultRow(this, run.Seed)
        {
            Times = sent + WarmUp,
            Acknowledged = healthy.Count,
            Delivered = healthy.Count,
            Violations = violations,
            Note = FormattableString.Invariant($"{grammar.Operations.Count} operations; {statuses}; {before.Megabytes} MB before, {(coordinator.HasExited ? 0 : ProcessUsage.Of(coordinator.ProcessId).Megabytes)} MB after"),
        };
    }

    private static async Task<IReadOnlyList<string>> LookAtAsync(Coordinator coordinator, HealthyTransactions healthy, ProcessUsage before)
    {
        await healthy.GoThroughAsync();
        List<string> violations = [.. await healthy.CompareAsync()];
        if (await AtRestAsync(coordinator, before) is { } grown) violations.Add(grown);
        // What stands there of answers is an exception that nothing foresaw, or the store's, whatever was answered. "Reading is already in
        // progress" is how Kestrel gives up a connection on a chunk length that no number holds, in a body that nobody reads.
        var errors = coordinator.Log.Split('\n')
            .Where(line => line.Contains("Unhandled exception", StringComparison.OrdinalIgnoreCase) || line.Contains("ErrorAnswers[", StringComparison.Ordinal) || (line.Contains("ended abnormally", StringComparison.Ordinal) && !line.Contains("Reading is already in progress", StringComparison.Ordinal)))
            .Take(3);
        violations.AddRange(errors.Select(line => $"the log says: {line}"));
        return violations;
    }

    // Connections end and threads leave in their own time.
    private static async Task<string?> AtRestAsync(Coordinator coordinator, ProcessUsage before)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var after = ProcessUsage.Of(coordinator.ProcessId);
            if (after.Megabytes <= before.Megabytes + MoreMegabytes && after.Handles <= before.Handles + MoreHandles && after.Threads <= before.Threads + MoreThreads) return null;
            if (clock.Elapsed > Rest) return $"I5 the process has grown from {before} to {after}";
            await Task.Delay(500);
        }
    }
}
