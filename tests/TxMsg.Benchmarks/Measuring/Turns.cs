namespace TxMsg.Benchmarks.Measuring;

/// <summary>What is measured side by side, in the order of a round.</summary>
internal static class Turns
{
    /// <summary>Another one begins each round: the first finds the machine in another state than the last.</summary>
    public static IEnumerable<T> Of<T>(IReadOnlyList<T> all, int round) =>
        Enumerable.Range(0, all.Count).Select(i => all[(i + round - 1) % all.Count]);
}
