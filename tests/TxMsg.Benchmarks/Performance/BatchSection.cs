using System.Diagnostics;
using System.Text;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Ledger;
using TxMsg.Benchmarks.Measuring;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Performance;

/// <summary>Whole transactions by the batch calls: half messages, then their verdicts, 1,000 at a time.</summary>
internal sealed class BatchSection(Bench bench)
{
    private const int BatchSize = 1_000;
    private const int Senders = 4;
    private const int Batches = 200;
    private const int WarmUpBatches = 100;

    // What a node holds in memory for delivery; past it deliveries are read from the store again.
    private const int MostUndelivered = 8_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private readonly string payload = Convert.ToBase64String(Payload.OfSize(Bench.PayloadBytes));

    public string Run() => bench.WithServer("batch", process =>
    {
        using var server = new RunningServer(process, DriverKind.Lean, Bench.PayloadBytes, knownSecret: null, bench.Stop);
        Send(server, WarmUpBatches);
        var before = server.Usage;
        var seconds = Send(server, Batches);
        var cost = ServerCost.Between(before, server.Usage, null, null, Batches * BatchSize);
        string[] row = [$"{BatchSize}", Bench.Number(Batches * BatchSize / seconds, "#,0"), Bench.Number(cost.CpuSecondsPer100k * 10, "0"), Bench.Number(cost.WrittenBytesPerTransaction / 1024, "0.0")];
        return $"## Through the batch calls\n\n{Senders} senders, `POST /v1/messages/batch` and `POST /v1/verdicts`, every message delivered and checked; the time ends with the last delivery.\n\n{TextTable.Render(["messages a call", "transactions/s", "server CPU us", "written KiB"], [row])}";
    });

    private double Send(RunningServer server, int batches)
    {
        var ledger = new TransactionLedger();
        for (var i = 0; i < batches * BatchSize; i++)
        {
            ledger.CommitSent(ledger.Begin(), Stopwatch.GetTimestamp());
            ledger.CommitAnswered();
        }

        server.Deliveries.Expect(ledger);
        var start = Stopwatch.GetTimestamp();
        var next = 0;
        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(SendSomeAsync)));
        var all = server.WaitUntil(() => sending.IsFaulted || (sending.IsCompleted && ledger.AllDelivered), Longest);
        sending.GetAwaiter().GetResult();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        server.Settle();
        if (!all || ledger.Duplicates + ledger.Invented != 0) throw new BenchmarkFailedException($"{ledger.Lost} messages not delivered, {ledger.Duplicates} twice, {ledger.Invented} unknown.");
        return seconds;

        async Task SendSomeAsync()
        {
            for (int batch; (batch = Interlocked.Increment(ref next) - 1) < batches;)
            {
                while ((batch * BatchSize) - ledger.Delivered > MostUndelivered) await Task.Delay(1, bench.Stop);
                var ids = Enumerable.Range(batch * BatchSize, BatchSize).Select(ledger.IdOf).ToArray();
                await BatchCalls.PostAsync(server.Http, "/v1/messages/batch", Messages(ids), bench.Stop);
                await BatchCalls.PostAsync(server.Http, "/v1/verdicts", Verdicts(ids), bench.Stop);
            }
        }
    }

    private string Messages(Guid[] ids)
    {
        var json = new StringBuilder("{\"messages\":[");
        foreach (var id in ids) json.Append(json[^1] == '[' ? "" : ",").Append($$"""{"id":"{{id}}","producer":"{{Names.Producer}}","topic":"{{Names.Topic}}","payloadBase64":"{{payload}}"}""");
        return json.Append("]}").ToString();
    }

    private static string Verdicts(Guid[] ids)
    {
        var json = new StringBuilder("{\"verdicts\":[");
        foreach (var id in ids) json.Append(json[^1] == '[' ? "" : ",").Append($$"""{"id":"{{id}}","verdict":"commit"}""");
        return json.Append("]}").ToString();
    }
}
