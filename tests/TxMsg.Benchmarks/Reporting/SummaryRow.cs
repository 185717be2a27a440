using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Measuring;

namespace TxMsg.Benchmarks.Reporting;

/// <summary>The medians over all rounds of one server with one driver at one number of connections.</summary>
internal sealed record SummaryRow(
    string Driver,
    string Server,
    int Connections,
    double TransactionsPerSecond,
    LatencySummary Prepare,
    LatencySummary Commit,
    LatencySummary CommitToDelivered,
    ServerCost Cost,
    double DriverCpuSecondsPer100k,
    double? FlushesPerTransaction)
{
    public static SummaryRow Of(IReadOnlyList<Measurement> rounds, IReadOnlyList<FlushCount> flushes)
    {
        var (driver, server, connections) = (rounds[0].Driver, rounds[0].Server, rounds[0].Connections);
        return new SummaryRow(
            driver,
            server,
            connections,
            Median.Of(rounds.Select(round => round.Drive.TransactionsPerSecond)),
            Latency(rounds.Select(round => round.Drive.Prepare)),
            Latency(rounds.Select(round => round.Drive.Commit)),
            Latency(rounds.Select(round => round.Drive.CommitToDelivered)),
            CostOf(rounds.Select(round => round.Cost).ToList()),
            Median.Of(rounds.Select(round => round.Drive.DriverCpuSeconds / round.Drive.Transactions * 100_000)),
            flushes.FirstOrDefault(count => count.Driver == driver && count.Server == server && count.Connections == connections)?.FlushesPerTransaction);
    }

    private static LatencySummary Latency(IEnumerable<LatencySummary> rounds)
    {
        var all = rounds.ToList();
        return new LatencySummary(
            Median.Of(all.Select(one => one.P50Milliseconds)),
            Median.Of(all.Select(one => one.P99Milliseconds)),
            all.Max(one => one.MaxMilliseconds));
    }

    private static ServerCost CostOf(IReadOnlyList<ServerCost> rounds) => new(
        Median.Of(rounds.Select(cost => cost.CpuSecondsPer100k)),
        rounds.Max(cost => cost.PeakRssMegabytes),
        Median.Of(rounds.Select(cost => cost.WrittenBytesPerTransaction)),
        rounds.Any(cost => cost.CommitsPerTransaction is null)
            ? null
            : Median.Of(rounds.Select(cost => cost.CommitsPerTransaction!.Value)));
}
