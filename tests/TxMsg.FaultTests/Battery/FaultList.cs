using TxMsg.FaultTests.Faults.CheckBacks;
using TxMsg.FaultTests.Faults.Clock;
using TxMsg.FaultTests.Faults.Disk;
using TxMsg.FaultTests.Faults.Network;
using TxMsg.FaultTests.Faults.Nodes;
using TxMsg.FaultTests.Faults.Processes;
using TxMsg.FaultTests.Faults.Receivers;
using TxMsg.FaultTests.Fuzz;
using TxMsg.FaultTests.Simulation;

namespace TxMsg.FaultTests.Battery;

/// <summary>Every fault of the battery, in the order of docs/RELIABILITY.md.</summary>
internal static class FaultList
{
    public static IReadOnlyList<Fault> All { get; } = new Fault[]
    {
        new KilledAtRandom(),
        new HostileRequests(),
        new SimulatedHistories(),
        new SuspendedPastItsLease(),
        new RestartedInTurn(),
        new CrashedAtWrite(),
        new PowerLost(),
        new FailingDisk(),
        new SlowDisk(),
        new LockedStore(),
        new DamagedFile(),
        new OutOfHandles(),
        new OutOfMemory(),
        new OutOfThreads(),
        new LeapingClock(),
        new PartitionedNetwork(),
        new HostileReceivers(),
        new ForbiddenAddresses(),
        new LostAnswers(),
        new UnrulyProducers(),
        new RotatedSecrets(),
        new DeadEndpoints(),
        new StoppedInTheMiddle(),
        new UpgradedUnderLoad(),
    }.OrderBy(fault => fault.Number).ToArray();
}
