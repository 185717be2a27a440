using System.Text;
using System.Text.Json;

namespace TxMsg.Benchmarks.Driving;

/// <summary>The calls that take many items at once.</summary>
internal static class BatchCalls
{
    /// <summary>Returns when all of them were taken.</summary>
    /// <exception cref="BenchmarkFailedException">The call or one of its items was refused.</exception>
    public static async Task PostAsync(HttpClient http, string path, string json, CancellationToken stop)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, body, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        if (!answer.IsSuccessStatusCode)
            throw new BenchmarkFailedException($"{path} was answered {(int)answer.StatusCode}: {text}");
        using var results = JsonDocument.Parse(text);
        foreach (var result in results.RootElement.GetProperty("results").EnumerateArray())
            if (result.GetProperty("status").GetInt32() is not (200 or 201))
                throw new BenchmarkFailedException($"{path}: an item was refused: {result}");
    }
}
