namespace TxMsg.Benchmarks.Measuring;

/// <summary>Overview pages as browsers keep them open: each asks for the page every few seconds and for its charts, as the page's
/// script does, on a connection of its own.</summary>
internal sealed class OpenTabs : IDisposable
{
    private static readonly TimeSpan PageInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ChartInterval = TimeSpan.FromSeconds(10);
    private const string Page = "/hangfire/txmsg";

    private static readonly string[] Charts = ["/v1/stats/history?minutes=60", "/v1/stats/history?minutes=1440"];

    private readonly CancellationTokenSource stop = new();
    private readonly Task[] tabs;
    private int answers;

    public OpenTabs(Uri url, int count) =>
        tabs = [.. Enumerable.Range(0, count).Select(tab => Task.Run(() => KeepOpenAsync(url, tab / (double)count)))];

    /// <summary>Fails when the tabs were not served: what nobody asked for costs nothing.</summary>
    public void Check()
    {
        if (tabs.FirstOrDefault(tab => tab.IsFaulted) is { } failed) throw new BenchmarkFailedException($"An open tab failed: {failed.Exception!.InnerException!.Message}");
        if (answers == 0) throw new BenchmarkFailedException("No open tab had an answer.");
    }

    public void Dispose()
    {
        stop.Cancel();
        Task.WaitAll(tabs.Select(tab => tab.ContinueWith(_ => { }, TaskScheduler.Default)).ToArray());
        stop.Dispose();
    }

    // Tabs were not all opened at the same moment.
    private async Task KeepOpenAsync(Uri url, double offset)
    {
        using var http = new HttpClient { BaseAddress = url };
        await Task.Delay(PageInterval * offset, stop.Token);
        await Task.WhenAll([RepeatAsync(http, Page, PageInterval), .. Charts.Select(chart => RepeatAsync(http, chart, ChartInterval))]);
    }

    private async Task RepeatAsync(HttpClient http, string path, TimeSpan interval)
    {
        while (true)
        {
            await http.GetByteArrayAsync(path, stop.Token);
            Interlocked.Increment(ref answers);
            await Task.Delay(interval, stop.Token);
        }
    }
}
