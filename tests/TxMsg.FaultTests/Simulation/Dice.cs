namespace TxMsg.FaultTests.Simulation;

/// <summary>Every choice that is not a step of the history, from its seed and from what is chosen about: so taking a step away changes
/// nothing for the others.</summary>
internal readonly struct Dice(ulong seed)
{
    /// <summary>0 to 1.</summary>
    public double Roll(string about, long a, long b = 0, long c = 0)
    {
        var hash = seed;
        foreach (var letter in about) hash = Mix(hash ^ letter);
        hash = Mix(Mix(Mix(hash ^ (ulong)a) + (ulong)b) ^ (ulong)c);
        return (hash >> 11) * (1.0 / (1UL << 53));
    }

    public int Roll(int count, string about, long a, long b = 0, long c = 0) => (int)(Roll(about, a, b, c) * count);

    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}

/// <summary>The jitter of a node.</summary>
internal sealed class SeededRandom(Dice dice, int node) : Random(0)
{
    private int rolls;

    public override double NextDouble() => dice.Roll("jitter", node, rolls++);
}
