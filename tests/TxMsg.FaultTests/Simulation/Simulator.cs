using System.Diagnostics;

namespace TxMsg.FaultTests.Simulation;

/// <summary>A history that broke a rule, as small as it could be made.</summary>
internal sealed record Finding(History Original, IReadOnlyList<int> Kept, History Shrunk, IReadOnlyList<Violation> Violations)
{
    public override string ToString() =>
        $"""
        Seed {Original.Seed} breaks a rule; {Kept.Count} of its {Original.Steps.Count} steps are enough, with {Shrunk.Nodes} node(s) and {Shrunk.Subscriptions} subscription(s):
        {string.Join('\n', Kept.Select((index, i) => $"  {index}: {Shrunk.Steps[i]}"))}
        {string.Join('\n', Violations)}
        Again: dotnet run -c Release --project tests/TxMsg.FaultTests -- --faults simulation --seed {Original.Seed} --histories 1
        """;
}

/// <summary>What a search came to.</summary>
internal sealed record SearchResult(Tally Tally, Finding? Finding);

/// <summary>Runs histories, and makes those small that break a rule.</summary>
internal static class Simulator
{
    /// <summary>Runs one history on a file of its thread.</summary>
    public static IReadOnlyList<Violation> Run(History history, SimFile file, Bug bug = Bug.None, Tally? tally = null)
    {
        using var world = new World(history, bug, file);
        var violations = world.Run();
        tally?.Add(world);
        return violations;
    }

    /// <summary>Runs the histories of so many seeds on so many threads, until one breaks a rule or the time is over.</summary>
    public static SearchResult Search(int firstSeed, int count, TimeSpan limit, int threads, CancellationToken cancellation = default, Bug bug = Bug.None, Action<int>? progress = null)
    {
        var next = firstSeed - 1;
        var found = int.MaxValue;
        var tally = new Tally(progress);
        var clock = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            using var file = new SimFile();
            while (clock.Elapsed < limit && Volatile.Read(ref found) == int.MaxValue && !cancellation.IsCancellationRequested)
            {
                var seed = Interlocked.Increment(ref next);
                if (seed >= firstSeed + count) return;
                if (Run(History.Of(seed), file, bug, tally).Count > 0) Interlocked.CompareExchange(ref found, seed, int.MaxValue);
            }
        })).ToArray();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        return new SearchResult(tally, found == int.MaxValue ? null : Shrink(found, bug));
    }

    /// <summary>The same rule broken by fewer steps in a smaller world.</summary>
    public static Finding Shrink(int seed, Bug bug = Bug.None)
    {
        Finding? finding = null;
        // A thread of its own: the world must not meet a synchronization context.
        var thread = new Thread(() => finding = ShrinkHere(History.Of(seed), bug));
        thread.Start();
        thread.Join();
        return finding!;
    }

    private static Finding ShrinkHere(History original, Bug bug)
    {
        using var file = new SimFile();
        var violations = Run(original, file, bug);
        if (violations.Count == 0) return new Finding(original, [], original, [new Violation("simulation", "the seed does not repeat it")]);
        var rule = violations[0].Rule;
        bool Fails(History history) => Run(history, file, bug).Any(violation => violation.Rule == rule);
        var size = original;
        foreach (var smaller in (History[])[original with { Nodes = 1 }, original with { Nodes = 1, Subscriptions = 1 }, original with { Nodes = 1, Subscriptions = 2 }])
            if (smaller.Subscriptions <= size.Subscriptions && Fails(smaller)) size = smaller;
        var kept = Shorten(Enumerable.Range(0, original.Steps.Count).ToList(), steps => Fails(size.Only(steps)));
        var shrunk = size.Only(kept);
        return new Finding(original, kept, shrunk, Run(shrunk, file, bug));
    }

    // Delta debugging: ever smaller pieces are left out, as long as it still fails without them.
    private static List<int> Shorten(List<int> steps, Func<List<int>, bool> fails)
    {
        for (var piece = Math.Max(1, steps.Count / 2); ;)
        {
            var before = steps.Count;
            for (var at = 0; at < steps.Count;)
            {
                var without = steps.Where((_, i) => i < at || i >= at + piece).ToList();
                if (fails(without)) steps = without;
                else at += piece;
            }

            if (piece == 1 && steps.Count == before) return steps;
            piece = Math.Max(1, piece / 2);
        }
    }
}
