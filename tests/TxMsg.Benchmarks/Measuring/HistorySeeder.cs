using System.Text;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Ledger;

namespace TxMsg.Benchmarks.Measuring;

/// <summary>Fills a store with finished messages the way producers would: in batches, committed at once, delivered, acknowledged.</summary>
internal sealed class HistorySeeder(RunningServer server, int payloadBytes)
{
    private const int BatchSize = 1000;
    private const int Senders = 2;
    private const int MostUndelivered = 20_000;
    private static readonly TimeSpan LongestSeeding = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly string payload = Convert.ToBase64String(Payload.OfSize(payloadBytes));
    private readonly TransactionLedger ledger = new();
    private int nextBatch;

    public void Seed(int messages, CancellationToken stop)
    {
        // All before the first is sent: a batch is known by its first number.
        for (var i = 0; i < messages; i++)
        {
            ledger.CommitSent(ledger.Begin(), 1);
            ledger.CommitAnswered();
        }

        server.Deliveries.Expect(ledger);
        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => Send(messages, stop), stop)));
        var finished = server.WaitUntil(
            () => sending.IsFaulted || (sending.IsCompleted && ledger.AllDelivered), LongestSeeding);
        sending.GetAwaiter().GetResult();
        if (!finished || ledger.Duplicates + ledger.Invented != 0)
            throw new BenchmarkFailedException($"Seeding: {ledger.Lost} messages not delivered, {ledger.Duplicates} twice, {ledger.Invented} unknown.");
    }

    private async Task Send(int messages, CancellationToken stop)
    {
        while (true)
        {
            var first = (Interlocked.Increment(ref nextBatch) - 1) * BatchSize;
            if (first >= messages)
                return;
            while (first - ledger.Delivered > MostUndelivered)
                await Task.Delay(Pause, stop);
            await Send(first, Math.Min(BatchSize, messages - first), stop);
        }
    }

    private Task Send(int first, int count, CancellationToken stop) => BatchCalls.PostAsync(server.Http, "/v1/messages/batch", Batch(first, count), stop);

    private string Batch(int first, int count)
    {
        var json = new StringBuilder("{\"messages\":[");
        for (var number = first; number < first + count; number++)
            json.Append(number == first ? "" : ",").Append(
                $$"""{"id":"{{ledger.IdOf(number)}}","producer":"{{Names.Producer}}","topic":"{{Names.Topic}}","payloadBase64":"{{payload}}","verdict":"commit"}""");
        return json.Append("]}").ToString();
    }
}
