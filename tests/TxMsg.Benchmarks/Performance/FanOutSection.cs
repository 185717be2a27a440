using System.Net.Http.Json;
using TxMsg.Benchmarks.Driving;
using TxMsg.Benchmarks.Receiving;
using TxMsg.Benchmarks.Reporting;

namespace TxMsg.Benchmarks.Performance;

/// <summary>What a further subscription of the same topic costs.</summary>
internal sealed class FanOutSection(Bench bench)
{
    private static readonly int[] Subscriptions = [1, 10, 100];

    public string Run()
    {
        var rows = Subscriptions.Select(Measure).ToList();
        return $"## With subscriptions of one topic\n\nOne transaction makes as many deliveries as there are subscriptions; its latency is that of the one that is checked.\n\n{TextTable.Render(Bench.Columns("subscriptions"), rows)}";
    }

    private string[] Measure(int subscriptions)
    {
        // Whatever comes is acknowledged.
        using var sink = new LoopbackServer(context => context.Request.Body.CopyToAsync(Stream.Null));
        return bench.WithServer("fan-out", process => bench.Measure($"{subscriptions}", process, prepare: Subscribe));

        void Subscribe(HttpClient http)
        {
            for (var i = 1; i < subscriptions; i++)
            {
                using var answer = http.PutAsJsonAsync($"/v1/subscriptions/further-{i}", new { topic = Names.Topic, endpoint = new Uri(sink.Address, "/deliveries") }).GetAwaiter().GetResult();
                answer.EnsureSuccessStatusCode();
            }
        }
    }
}
