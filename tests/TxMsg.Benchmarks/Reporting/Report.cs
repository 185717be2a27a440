using TxMsg.Benchmarks.Measuring;

namespace TxMsg.Benchmarks.Reporting;

/// <summary>Everything a run found: what the tables show and what they were made of.</summary>
internal sealed record Report(
    Machine Machine,
    IReadOnlyList<SummaryRow> Rows,
    IReadOnlyList<GoalRow> Goals,
    double? AppendFlushMilliseconds,
    IReadOnlyList<Measurement> Measurements)
{
    public static Report Of(IReadOnlyList<Measurement> measurements, IReadOnlyList<FlushCount> flushes, Machine machine)
    {
        var drivers = measurements.GroupBy(measured => measured.Driver).ToList();
        var probes = measurements.Select(measured => measured.AppendFlushMilliseconds).OfType<double>().ToList();
        return new Report(
            machine,
            [.. drivers.SelectMany(driver => driver.GroupBy(measured => (measured.Connections, measured.Server))).Select(rounds => SummaryRow.Of([.. rounds], flushes))],
            [.. drivers.SelectMany(driver => new Goals(driver.Key, [.. driver]).Rows())],
            probes.Count > 0 ? Median.Of(probes) : null,
            measurements);
    }
}
