using TxMsg.Benchmarks.Processes;

namespace TxMsg.Benchmarks.Measuring;

/// <param name="CpuSecondsPer100k">Until the server has come to rest, so that recording the deliveries is in it.</param>
/// <param name="PeakRssMegabytes">Since the process started, warm-up included.</param>
/// <param name="WrittenBytesPerTransaction">Handed to the file system for writing.</param>
/// <param name="CommitsPerTransaction">Database transactions of the group commit; null when the server does not count them.</param>
internal sealed record ServerCost(
    double CpuSecondsPer100k, double PeakRssMegabytes, double WrittenBytesPerTransaction, double? CommitsPerTransaction)
{
    public static ServerCost Between(
        ProcessUsage before, ProcessUsage after, CommitMetric? commitsBefore, CommitMetric? commitsAfter, int transactions) => new(
        (after.CpuSeconds - before.CpuSeconds) / transactions * 100_000,
        after.PeakRssBytes / 1e6,
        (after.WrittenBytes - before.WrittenBytes) / (double)transactions,
        (commitsAfter?.Transactions - (commitsBefore?.Transactions ?? 0)) / transactions);
}
