using System.Globalization;
using System.Net;
using System.Text;

namespace TxMsg.Benchmarks.Reporting;

/// <summary>Folded stacks (<c>a;b;c 12</c>, one a line) as an SVG: the wider a tower, the more time was spent under it.</summary>
internal sealed class FlameGraph
{
    private const int Width = 1400;
    private const int RowHeight = 15;
    private const double NarrowestShown = 0.3;
    private const double LetterWidth = 6.2;
    private readonly StringBuilder boxes = new();
    private readonly Frame root = new("all");
    private int depth;

    private FlameGraph()
    {
    }

    public static string Render(IEnumerable<string> folded, string title)
    {
        var graph = new FlameGraph();
        foreach (var line in folded) graph.Add(line);
        graph.depth = graph.root.Depth;
        graph.Draw(graph.root, 0, 0);
        var height = (graph.depth + 3) * RowHeight;
        return Text($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" font-family=\"monospace\" font-size=\"10\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"4\" y=\"14\" font-size=\"13\">{WebUtility.HtmlEncode(title)}</text>\n{graph.boxes}</svg>\n");
    }

    private void Add(string line)
    {
        var space = line.LastIndexOf(' ');
        if (space < 0 || !long.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var samples))
            throw new BenchmarkFailedException($"'{line}' is not a folded stack.");
        root.Samples += samples;
        var frame = root;
        foreach (var name in line[..space].Split(';'))
        {
            frame = frame.Child(name);
            frame.Samples += samples;
        }
    }

    private void Draw(Frame frame, double left, int level)
    {
        var width = frame.Samples * (double)Width / root.Samples;
        if (width < NarrowestShown) return;
        var top = (depth - level + 1) * RowHeight;
        var percent = 100.0 * frame.Samples / root.Samples;
        var name = WebUtility.HtmlEncode(frame.Name);
        boxes.Append(Text($"<g><title>{name} {percent:0.0} %</title><rect x=\"{left:0.0}\" y=\"{top}\" width=\"{width:0.0}\" height=\"{RowHeight - 1}\" fill=\"{Colour(frame.Name)}\"/>"));
        var letters = (int)(width / LetterWidth);
        if (letters > 2) boxes.Append(Text($"<text x=\"{left + 2:0.0}\" y=\"{top + 11}\">{WebUtility.HtmlEncode(frame.Name.Length <= letters ? frame.Name : frame.Name[..letters])}</text>"));
        boxes.Append("</g>\n");
        foreach (var child in frame.Children.OrderBy(child => child.Name, StringComparer.Ordinal))
        {
            Draw(child, left, level + 1);
            left += child.Samples * (double)Width / root.Samples;
        }
    }

    // Of the name, so that two pictures can be compared.
    private static string Colour(string name)
    {
        var hash = name.Aggregate(17u, (sum, letter) => (sum * 31) + letter);
        return Text($"rgb({205 + (hash % 50)},{90 + (hash / 50 % 110)},{40 + (hash / 5500 % 40)})");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Frame(string name)
    {
        private readonly Dictionary<string, Frame> children = [];

        public string Name => name;

        public long Samples { get; set; }

        public IEnumerable<Frame> Children => children.Values;

        public int Depth => children.Count == 0 ? 1 : 1 + children.Values.Max(child => child.Depth);

        public Frame Child(string of) => children.TryGetValue(of, out var child) ? child : children[of] = new Frame(of);
    }
}
