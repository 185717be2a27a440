using System.Globalization;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Performance;

/// <summary>What a larger payload costs; sent as base64, delivered byte for byte.</summary>
internal sealed class PayloadSection(Bench bench)
{
    private static readonly int[] Sizes = [256, 4_096, 65_536, 262_144];

    public string Run()
    {
        var rows = Sizes.Select(size => bench.WithServer("payload", process => bench.Measure(size.ToString("#,0", CultureInfo.InvariantCulture), process, size))).ToList();
        return $"## With the payload\n\n{TextTable.Render(Bench.Columns("bytes"), rows)}";
    }
}
