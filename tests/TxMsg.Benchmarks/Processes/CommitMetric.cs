using System.Globalization;

namespace TxMsg.Benchmarks.Processes;

/// <summary>Reads from the server's own metrics how many transactions its group commit has made, and of how many writes.</summary>
internal sealed record CommitMetric(double Transactions, double Writes)
{
    private const string Name = "txmsg_group_commit_batch_size";

    /// <summary>Null for a server that does not count them.</summary>
    public static CommitMetric? Read(HttpClient http, CancellationToken cancellation)
    {
        using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, "/metrics"), cancellation);
        using var reader = new StreamReader(answer.Content.ReadAsStream(cancellation));
        var lines = reader.ReadToEnd().Split('\n').Where(line => line.StartsWith(Name, StringComparison.Ordinal)).ToList();
        return lines.Count == 0 ? null : new CommitMetric(Sum(lines, "_count"), Sum(lines, "_sum"));
    }

    /// <summary>Over all labels; a unit may stand between the name and the suffix.</summary>
    private static double Sum(IEnumerable<string> lines, string suffix) => lines
        .Where(line => line.Split('{', ' ')[0].EndsWith(suffix, StringComparison.Ordinal))
        .Sum(line => double.Parse(ValueOf(line), CultureInfo.InvariantCulture));

    /// <summary>After the labels: the value, and perhaps a time.</summary>
    private static string ValueOf(string line) => line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .SkipWhile(part => part.StartsWith(Name, StringComparison.Ordinal)).First();
}
