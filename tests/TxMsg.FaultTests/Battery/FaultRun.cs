namespace TxMsg.FaultTests.Battery;

/// <summary>One run of a fault: its seed, its size, and where it says what it does.</summary>
/// <param name="seed">Decides everything that the tests decide by chance; what threads and sockets do in between is not in its power.</param>
/// <param name="isLong">The short run is part of the tests and takes seconds; the long one is the command's.</param>
internal sealed class FaultRun(int seed, bool isLong, RunSizes sizes, TextWriter output, CancellationToken cancellation)
{
    public int Seed { get; } = seed;

    public Random Random { get; } = new(seed);

    public bool IsLong { get; } = isLong;

    /// <summary>Whether a latency that is too long fails the run. Not in the tests, whose machine may be doing anything else; they show it.</summary>
    public bool JudgesTimes { get; init; } = true;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>A number of something: the one that was asked for on the command line by this name, else that of the run's length.</summary>
    public int Size(string name, int inShort, int inLong) => sizes.Find(name) ?? (IsLong ? inLong : inShort);

    public void Say(FormattableString what) => output.WriteLine($"  {DateTimeOffset.Now:HH:mm:ss} {FormattableString.Invariant(what)}");
}
