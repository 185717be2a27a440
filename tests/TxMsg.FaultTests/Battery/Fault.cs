namespace TxMsg.FaultTests.Battery;

/// <summary>Something that goes wrong around the coordinator, and what is seen of it.</summary>
/// <param name="Number">Its place in docs/RELIABILITY.md.</param>
/// <param name="Name">What is typed after <c>--faults</c>: lower case, words joined by hyphens.</param>
/// <param name="Summary">One line for people.</param>
internal abstract record Fault(int Number, string Name, string Summary)
{
    /// <summary>Why it cannot be shown here; null where it can. Only for what a machine may lack by rights, such as a SQL Server.</summary>
    public virtual string? Lacks => null;

    /// <summary>The sizes that can be given on the command line, without their hyphens.</summary>
    public virtual IReadOnlyList<string> Sizes => [];

    /// <summary>Brings the fault about and judges what was recorded.</summary>
    /// <exception cref="FaultTestException">The fault could not be brought about, or something did not happen in its time.</exception>
    public abstract Task<FaultRow> RunAsync(FaultRun run);

    public sealed override string ToString() => $"{Number} {Name}";
}
