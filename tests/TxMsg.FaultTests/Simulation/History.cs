namespace TxMsg.FaultTests.Simulation;

/// <summary>A history: a world of some size, and what is done to it.</summary>
internal sealed record History(int Seed, int Nodes, int Producers, int Subscriptions, IReadOnlyList<Step> Steps)
{
    // How often each kind comes, out of the sum.
    private static readonly (StepKind Kind, int Weight)[] Kinds =
    [
        (StepKind.Send, 34), (StepKind.Wait, 26), (StepKind.Crash, 5), (StepKind.Shutdown, 2), (StepKind.Suspend, 2), (StepKind.StoreFault, 8), (StepKind.Weather, 8),
        (StepKind.Pause, 2), (StepKind.Resume, 2), (StepKind.Redeliver, 3), (StepKind.RetryNow, 2), (StepKind.Discard, 1), (StepKind.Decide, 4), (StepKind.CheckBack, 3),
    ];

    /// <summary>The history of a seed.</summary>
    public static History Of(int seed)
    {
        var random = new Random(seed);
        var length = random.Next(8, 48);
        var sum = Kinds.Sum(kind => kind.Weight);
        var nodes = random.Next(3) == 0 ? 2 : 1;
        var producers = random.Next(1, 4);
        var subscriptions = random.Next(1, 5);
        var steps = Enumerable.Range(0, length).Select(_ => new Step(Pick(random.Next(sum)), random.Next(1000), random.Next(1000), random.Next(1000))).ToArray();
        return new History(seed, nodes, producers, subscriptions, steps);
    }

    /// <summary>The same with some of its steps.</summary>
    public History Only(IEnumerable<int> steps) => this with { Steps = steps.Select(index => Steps[index]).ToArray() };

    private static StepKind Pick(int at)
    {
        foreach (var (kind, weight) in Kinds)
        {
            if (at < weight) return kind;
            at -= weight;
        }

        return StepKind.Wait;
    }
}
