namespace TxMsg.Benchmarks.Driving;

/// <param name="Transactions">Prepared, committed and delivered.</param>
/// <param name="Seconds">From the first prepare to the last delivery.</param>
/// <param name="DrainSeconds">The part of it after the last commit was answered.</param>
/// <param name="CommitToDelivered">From the commit's request being sent to the delivery being received.</param>
/// <param name="SignaturesVerified">A sample of the deliveries; zero for a server that does not sign.</param>
/// <param name="DriverCpuSeconds">What the driver and its receiver used themselves.</param>
internal sealed record DriveResult(
    int Transactions,
    double Seconds,
    double DrainSeconds,
    LatencySummary Prepare,
    LatencySummary Commit,
    LatencySummary CommitToDelivered,
    int SignaturesVerified,
    double DriverCpuSeconds)
{
    public double TransactionsPerSecond => Transactions / Seconds;
}
