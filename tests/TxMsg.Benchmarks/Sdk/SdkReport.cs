using System.Globalization;
using System.Text;
using System.Text.Json;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Sdk;

/// <summary>Medians of the rounds; ratios are of one round, too, before their median is taken.</summary>
internal sealed record SdkReport(Machine Machine, double AppendFlushMilliseconds, IReadOnlyList<SdkRow> Rows, IReadOnlyList<SdkMeasurement> Measurements)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly string[] Columns = ["way", "callers", "orders/s", "ratio", "p50 ms", "ratio", "p99 ms", "ratio", "drain s"];

    public static SdkReport Of(IReadOnlyList<SdkMeasurement> measurements, Machine machine, double appendFlushMilliseconds) => new(
        machine, appendFlushMilliseconds,
        [.. measurements.GroupBy(one => (one.Callers, one.Way)).Select(group => SdkRow.Of([.. group], [.. measurements.Where(one => one.Way == OrderWay.Plain.Name && one.Callers == group.Key.Callers)]))
            .OrderBy(row => row.Callers)],
        measurements);

    public string Render()
    {
        var text = new StringBuilder("# The cost of the SDK\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Machine}.\n");
        text.Append(CultureInfo.InvariantCulture, $"A bare 4 KiB append and fdatasync takes {AppendFlushMilliseconds:F3} ms here (median, just before and just after).\n");
        text.Append("Each ratio is to the order without a message, in the same round with the same callers; medians of the rounds.\n\n");
        return text.Append(TextTable.Render(Columns, [.. Rows.Select(row => row.Cells())])).ToString();
    }

    public void Write(string directory)
    {
        File.WriteAllText(Path.Combine(directory, "sdk.md"), Render());
        File.WriteAllText(Path.Combine(directory, "sdk.json"), JsonSerializer.Serialize(this, Json));
    }
}

/// <summary>One way at one number of callers.</summary>
internal sealed record SdkRow(
    string Way, int Callers, double OrdersPerSecond, double ThroughputRatio, double P50Milliseconds, double P50Ratio, double P99Milliseconds, double P99Ratio, double DrainSeconds)
{
    public static SdkRow Of(IReadOnlyList<SdkMeasurement> rounds, IReadOnlyList<SdkMeasurement> plain)
    {
        return new SdkRow(
            rounds[0].Way, rounds[0].Callers,
            Value(one => one.OrdersPerSecond), Ratio(one => one.OrdersPerSecond),
            Value(one => one.Latency.P50Milliseconds), Ratio(one => one.Latency.P50Milliseconds),
            Value(one => one.Latency.P99Milliseconds), Ratio(one => one.Latency.P99Milliseconds),
            Value(one => one.DrainSeconds));

        double Value(Func<SdkMeasurement, double> of) => Median.Of(rounds.Select(of));
        double Ratio(Func<SdkMeasurement, double> of) => Median.Of(rounds.Select(one => of(one) / of(plain.Single(other => other.Round == one.Round))));
    }

    public string[] Cells() =>
    [
        Way, Text($"{Callers}"), Text($"{OrdersPerSecond:F0}"), Text($"{ThroughputRatio:F2}"), Text($"{P50Milliseconds:F2}"), Text($"{P50Ratio:F2}"),
        Text($"{P99Milliseconds:F2}"), Text($"{P99Ratio:F2}"), Text($"{DrainSeconds:F1}"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
