using System.Globalization;
using System.Text;

namespace TxMsg.Benchmarks.Performance;

/// <summary>The soak as a picture: a panel for each number, over time.</summary>
internal static class SoakPlot
{
    private const int Width = 900;
    private const int Height = 130;
    private const int Left = 70;

    public static string Render(IReadOnlyList<SoakSample> samples)
    {
        (string Title, Func<SoakSample, double> Value)[] panels =
        [
            ("transactions/s", sample => sample.TransactionsPerSecond), ("commit p99, ms", sample => sample.CommitP99),
            ("commit to delivered p99, ms", sample => sample.DeliveredP99), ("memory, MB", sample => sample.Megabytes), ("handles", sample => sample.Handles),
        ];
        var svg = new StringBuilder(Text($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{panels.Length * Height}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"));
        for (var i = 0; i < panels.Length; i++) Panel(svg, i * Height, panels[i].Title, samples, panels[i].Value);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, int top, string title, IReadOnlyList<SoakSample> samples, Func<SoakSample, double> value)
    {
        var most = Math.Max(1, samples.Max(value)) * 1.1;
        var end = Math.Max(1, samples[^1].Minutes);
        var (bottom, room) = (top + Height - 25, Height - 45);
        var points = samples.Select(sample => Text($"{Left + (sample.Minutes / end * (Width - Left - 20)):0.0},{bottom - (value(sample) / most * room):0.0}"));
        svg.Append(Text($"<text x=\"{Left}\" y=\"{top + 14}\" font-weight=\"bold\">{title}</text>\n"))
            .Append(Text($"<path d=\"M{Left},{top + 20}V{bottom}H{Width - 20}\" fill=\"none\" stroke=\"#888\"/>\n"))
            .Append(Text($"<text x=\"{Left - 6}\" y=\"{bottom}\" text-anchor=\"end\">0</text><text x=\"{Left - 6}\" y=\"{bottom - room + 6}\" text-anchor=\"end\">{most:0}</text>\n"))
            .Append(Text($"<text x=\"{Width - 20}\" y=\"{bottom + 16}\" text-anchor=\"end\">{end:0} minutes</text>\n"))
            .Append(Text($"<polyline points=\"{string.Join(' ', points)}\" fill=\"none\" stroke=\"#1f6feb\" stroke-width=\"1.5\"/>\n"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
