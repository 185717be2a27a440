using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using TxMsg.Benchmarks.CommandLine;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Processes;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Pages;

/// <summary>Measures how long the pages of the dashboard take, whole, over a store of millions of messages.</summary>
internal sealed class PagesCommand(PagesOptions options)
{
    private const double GoalMilliseconds = 100;
    private static readonly string[] Columns = ["page", "p50 ms", "p99 ms", "KiB", "goal 100 ms"];

    public int Run(CancellationToken stop)
    {
        using var work = new WorkDirectory(options.OutputDirectory);
        var launcher = new ServerLauncher(ServerAssembly.Find(options.ServerAssembly), payloadBytes: 0);
        var directory = work.For("pages");
        WithServer(launcher, directory, Register, stop);
        Say($"filling the store with {options.Messages:N0} messages ...");
        var clock = Stopwatch.StartNew();
        StoreFiller.Fill(Path.Combine(directory, "txmsg.db"), options.Messages);
        Say($"filled in {clock.Elapsed.TotalSeconds:F0} s, {new FileInfo(Path.Combine(directory, "txmsg.db")).Length / 1e9:F1} GB");
        List<PageRow> rows = [];
        WithServer(launcher, directory, http => rows = [.. PageSet.Of(http).Select(page => Measure(http, page.Name, page.Path, stop))], stop);
        var report = Render(rows, Machine.Describe(work.Format));
        File.WriteAllText(Path.Combine(options.OutputDirectory, "pages.md"), report);
        Say($"\n{report}");
        return 0;
    }

    private static void WithServer(ServerLauncher launcher, string directory, Action<HttpClient> use, CancellationToken stop)
    {
        using var process = launcher.Start(Target.TxMsg, directory);
        using var http = new HttpClient { BaseAddress = process.Url };
        Setup.WaitUntilReady(http, () => process.IsRunning, stop);
        use(http);
    }

    /// <summary>The producers and subscriptions that the filler counts on.</summary>
    internal static void Register(HttpClient http)
    {
        for (var i = 0; i < 10; i++) Put(http, $"/v1/producers/producer-{i}", new { checkBackUrl = "http://127.0.0.1:9/" });
        for (var i = 0; i < 20; i++) Put(http, $"/v1/subscriptions/subscription-{i}", new { topic = $"topic-{i}", endpoint = "http://127.0.0.1:9/" });
    }

    private static void Put(HttpClient http, string path, object body)
    {
        using var answer = http.PutAsJsonAsync(path, body).GetAwaiter().GetResult();
        answer.EnsureSuccessStatusCode();
    }

    private PageRow Measure(HttpClient http, string name, string path, CancellationToken stop)
    {
        var milliseconds = new List<double>();
        var bytes = 0;
        for (var i = 0; i < options.Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            bytes = http.GetByteArrayAsync("/hangfire/txmsg" + path, stop).GetAwaiter().GetResult().Length;
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        milliseconds.Sort();
        return new PageRow(name, Median.Of(milliseconds), milliseconds[(int)(0.99 * (milliseconds.Count - 1))], bytes / 1024.0);
    }

    private string Render(IReadOnlyList<PageRow> rows, Machine machine) => string.Create(CultureInfo.InvariantCulture, $"""
        # The pages of the dashboard over {options.Messages:N0} messages

        {machine}.
        Whole pages over HTTP, each asked for {options.Repeats} times, one after the other.

        {TextTable.Render(Columns, [.. rows.Select(row => row.Cells(GoalMilliseconds))])}
        """);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}

/// <summary>One page.</summary>
internal sealed record PageRow(string Name, double P50Milliseconds, double P99Milliseconds, double KiB)
{
    public string[] Cells(double goal) =>
    [
        Name, P50Milliseconds.ToString("F1", CultureInfo.InvariantCulture), P99Milliseconds.ToString("F1", CultureInfo.InvariantCulture),
        KiB.ToString("F0", CultureInfo.InvariantCulture), P50Milliseconds <= goal ? "met" : "missed",
    ];
}
