using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Performance;

/// <summary>How soon after it is due an undecided message is asked about, among many that are decided, and when all of them are due at once.</summary>
internal sealed class CheckBackSection(Bench bench)
{
    private const int CheckBackAfterSeconds = 6;
    private const int BatchSize = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    public string Run()
    {
        string[][] rows = [Measure(10_000, 100), Measure(5_000, 1), Measure(10_000, 1)];
        return $"""
            ## Check-backs

            Half messages, to be asked about {CheckBackAfterSeconds} s after they were stored; those that are not undecided are committed at once. The producer answers at once. As many
            before them, not counted, warm the server up. *Late* is the time from the moment a
            message was due to the question's arrival. *Needless* questions are about messages that were decided already, or asked before.

            {TextTable.Render(["half messages", "undecided", "late p50 ms", "late p99 ms", "latest ms", "questions/s", "needless", "delivered twice"], rows)}
            """;
    }

    private string[] Measure(int messages, int oneIn)
    {
        var dueAt = new ConcurrentDictionary<Guid, DateTimeOffset>();
        var late = new ConcurrentDictionary<Guid, double>();
        var delivered = new ConcurrentDictionary<Guid, int>();
        var needless = 0;
        using var endpoint = new CheckBackEndpoint(Asked, id => delivered.AddOrUpdate(id, 1, (_, count) => count + 1));
        return bench.WithServer("check-backs", process =>
        {
            using var http = new HttpClient { BaseAddress = process.Url };
            Setup.WaitUntilReady(http, () => process.IsRunning, bench.Stop);
            PutAsync(http, "/v1/producers/" + Names.Producer, new { checkBackUrl = endpoint.CheckBackUrl, checkBackAfterSeconds = CheckBackAfterSeconds }).GetAwaiter().GetResult();
            PutAsync(http, "/v1/subscriptions/" + Names.Subscription, new { topic = Names.Topic, endpoint = endpoint.DeliveryUrl }).GetAwaiter().GetResult();
            // The first time warms the server up.
            for (var time = 1; time <= 2; time++)
            {
                late.Clear();
                endpoint.Forget();
                for (var i = 0; i < messages; i += BatchSize) SendAsync(http, oneIn, dueAt).GetAwaiter().GetResult();
                var clock = Stopwatch.StartNew();
                while (delivered.Count < time * messages && clock.Elapsed < Longest) bench.Stop.WaitHandle.WaitOne(50);
                if (delivered.Count < time * messages) throw new BenchmarkFailedException($"{time * messages - delivered.Count} messages were not delivered.");
            }

            var sorted = late.Values.Order().ToArray();
            var seconds = Math.Max(0.001, (endpoint.LastAsked - endpoint.FirstAsked).TotalSeconds);
            return new[]
            {
                Bench.Number(messages, "#,0"), Bench.Number(sorted.Length, "#,0"), Bench.Number(sorted[sorted.Length / 2], "0"), Bench.Number(sorted[(int)(sorted.Length * 0.99)], "0"), Bench.Number(sorted[^1], "0"),
                Bench.Number(sorted.Length / seconds, "#,0"), $"{needless}", $"{delivered.Values.Sum() - delivered.Count}",
            };
        });

        void Asked(Guid id)
        {
            var now = DateTimeOffset.UtcNow;
            if (!dueAt.TryGetValue(id, out var due) || !late.TryAdd(id, (now - due).TotalMilliseconds)) Interlocked.Increment(ref needless);
        }
    }

    private async Task SendAsync(HttpClient http, int oneIn, ConcurrentDictionary<Guid, DateTimeOffset> dueAt)
    {
        var ids = Enumerable.Range(0, BatchSize).Select(_ => Guid.CreateVersion7()).ToArray();
        var undecided = ids.Where((_, index) => index % oneIn == 0).ToHashSet();
        // Before the call: a message may be due before its answer has been read.
        foreach (var id in undecided) dueAt[id] = DateTimeOffset.UtcNow.AddSeconds(CheckBackAfterSeconds);
        await PostAsync(http, "/v1/messages/batch", new { messages = ids.Select(id => new { id, producer = Names.Producer, topic = Names.Topic, payload = new { order = 1 } }) });
        var stored = DateTimeOffset.UtcNow;
        foreach (var id in undecided) dueAt[id] = stored.AddSeconds(CheckBackAfterSeconds);
        if (undecided.Count < ids.Length) await PostAsync(http, "/v1/verdicts", new { verdicts = ids.Except(undecided).Select(id => new { id, verdict = "commit" }) });
    }

    private static async Task PutAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PutAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
    }

    private Task PostAsync(HttpClient http, string path, object body) => BatchCalls.PostAsync(http, path, JsonSerializer.Serialize(body, JsonSerializerOptions.Web), bench.Stop);
}
