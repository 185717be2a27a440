using System.Globalization;
using TxMsg.Benchmarks.Measuring;

namespace TxMsg.Benchmarks.Reporting;

/// <summary>The ratios that count, each held against the goal that was set for it.</summary>
/// <param name="driver">What the rows belong to.</param>
/// <param name="measurements">This driver's only: the cores that a driver takes are in them.</param>
internal sealed class Goals(string driver, IReadOnlyList<Measurement> measurements)
{
    private const double LeastOfFloor = 8;
    private const double LeastWithHistory = 0.9;
    private const double LeastWithTabs = 0.95;
    private const double MostOfAppendFlush = 2;
    private const double MostMegabytes = 300;
    private const int TransactionsForMemory = 1_000_000;

    private static readonly Dictionary<int, double> LeastOfNoOp = new() { [64] = 0.45, [256] = 0.65 };

    public IReadOnlyList<GoalRow> Rows() =>
    [
        .. Connections().SelectMany(connections => Throughput(connections)),
        .. FlushRatio("prepare p50 / append + fdatasync", measured => measured.Drive.Prepare.P50Milliseconds),
        .. FlushRatio("commit p50 / append + fdatasync", measured => measured.Drive.Commit.P50Milliseconds),
        .. Memory(),
    ];

    private IEnumerable<int> Connections() => measurements.Select(measured => measured.Connections).Distinct();

    private IEnumerable<GoalRow> Throughput(int connections) => new[]
    {
        AtLeast(Target.TxMsg, Target.NoOp, connections, LeastOfNoOp.TryGetValue(connections, out var least) ? least : null),
        AtLeast(Target.TxMsg, Target.NoOpBatch, connections, null),
        AtLeast(Target.TxMsg, Target.Floor, connections, LeastOfNoOp.ContainsKey(connections) ? LeastOfFloor : null),
        AtLeast(Target.History, Target.TxMsg, connections, LeastWithHistory),
        AtLeast(Target.Tabs, Target.TxMsg, connections, LeastWithTabs),
    }.OfType<GoalRow>();

    private GoalRow? AtLeast(Target one, Target other, int connections, double? goal)
    {
        var ratios =
            (from left in At(one, connections)
             join right in At(other, connections) on left.Round equals right.Round
             select left.Drive.TransactionsPerSecond / right.Drive.TransactionsPerSecond).ToList();
        if (ratios.Count == 0)
            return null;
        var ratio = Median.Of(ratios);
        return new GoalRow(driver, $"{one.Name} / {other.Name}", connections, ratio, goal is null ? "" : Text($"at least {goal}"), goal is null ? null : ratio >= goal);
    }

    private IEnumerable<GoalRow> FlushRatio(string what, Func<Measurement, double> latency)
    {
        var ratios = At(Target.TxMsg, 1).Where(measured => measured.AppendFlushMilliseconds is not null)
            .Select(measured => latency(measured) / measured.AppendFlushMilliseconds!.Value).ToList();
        if (ratios.Count == 0)
            return [];
        var ratio = Median.Of(ratios);
        return [new GoalRow(driver, what, 1, ratio, Text($"at most {MostOfAppendFlush}"), ratio <= MostOfAppendFlush)];
    }

    /// <summary>A goal over a million transactions only; a shorter run shows its peak without a judgement.</summary>
    private IEnumerable<GoalRow> Memory() =>
        from measured in measurements
        where measured.Server == Target.TxMsg.Name
        group measured by measured.Connections into rounds
        let peak = rounds.Max(measured => measured.Cost.PeakRssMegabytes)
        let transactions = rounds.Max(measured => measured.Drive.Transactions)
        let counts = transactions >= TransactionsForMemory
        select new GoalRow(
            driver, Text($"peak RSS in MB over {transactions} transactions"), rounds.Key, peak,
            counts ? Text($"under {MostMegabytes}") : "", counts ? peak < MostMegabytes : null);

    private IEnumerable<Measurement> At(Target target, int connections) =>
        measurements.Where(measured => measured.Server == target.Name && measured.Connections == connections);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
