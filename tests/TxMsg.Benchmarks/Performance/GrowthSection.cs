using System.Globalization;
using TxMsg.Benchmarks.Pages;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Performance;

/// <summary>Does what is stored cost what is new?</summary>
internal sealed class GrowthSection(Bench bench)
{
    private const string Folder = "growth";

    // The filler puts half messages, dead letters and a backlog among the finished ones; below this there is nothing to put them among.
    private const int LeastFilled = 100_000;

    public string Run()
    {
        var rows = bench.Options.Stored.Select(Measure).ToList();
        return $"## With what is stored\n\n{TextTable.Render(Bench.Columns("stored messages"), rows)}";
    }

    private string[] Measure(int messages)
    {
        var directory = bench.PathOf(Folder);
        if (messages >= LeastFilled)
        {
            bench.WithServer(Folder, process =>
            {
                using var http = new HttpClient { BaseAddress = process.Url };
                Driving.Setup.WaitUntilReady(http, () => process.IsRunning, bench.Stop);
                PagesCommand.Register(http);
                return true;
            });
            StoreFiller.Fill(Path.Combine(directory, "txmsg.db"), messages);
        }

        var row = bench.WithServer(Folder, process => bench.Measure(messages.ToString("#,0", CultureInfo.InvariantCulture), process));
        bench.Remove(Folder);
        return row;
    }
}
