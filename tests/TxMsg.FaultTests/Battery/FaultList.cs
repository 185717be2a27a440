using TxMsg.FaultTests.Faults.Processes;

namespace TxMsg.FaultTests.Battery;

/// <summary>Every fault of the battery, in the order of docs/RELIABILITY.md.</summary>
internal static class FaultList
{
    public static IReadOnlyList<Fault> All { get; } = new Fault[]
    {
        new KilledAtRandom(),
    }.OrderBy(fault => fault.Number).ToArray();
}
