using System.Text.Json;

namespace TxMsg.Benchmarks.Reporting;

/// <summary>Keeps a report: as Markdown to read, as JSON to compare.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(Report report, string directory)
    {
        File.WriteAllText(Path.Combine(directory, "throughput.md"), MarkdownReport.Render(report));
        File.WriteAllText(Path.Combine(directory, "throughput.json"), JsonSerializer.Serialize(report, Json));
    }
}
