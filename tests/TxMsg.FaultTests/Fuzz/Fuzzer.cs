using System.Collections.Concurrent;
using System.Text.Json;

namespace TxMsg.FaultTests.Fuzz;

/// <summary>Sends requests over some connections at once, each from a seed of its own, and judges the answers.</summary>
internal sealed class Fuzzer(int port, ApiGrammar grammar, int seed)
{
    private const int Connections = 8;

    // Of so many turns one is no HTTP; waiting for the end of half a request takes its time.
    private const int GarbageOneIn = 40;
    private static readonly TimeSpan GarbageWait = TimeSpan.FromMilliseconds(100);
    private static readonly int[] Refusals = [400, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 417, 422, 429, 431];

    private readonly ConcurrentQueue<string> violations = new();
    private readonly ConcurrentDictionary<int, long> statuses = new();

    /// <summary>What was wrong, the first of it.</summary>
    public IReadOnlyList<string> Violations => violations.Take(20).ToArray();

    /// <summary>How often each status was answered.</summary>
    public IEnumerable<KeyValuePair<int, long>> Statuses => statuses.OrderBy(pair => pair.Key);

    /// <summary>Sends so many; round by round, so that each has other seeds.</summary>
    public Task RunAsync(int requests, int round, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(() => RunOneAsync(requests / Connections, unchecked((seed * 1_000_003) + (round * 1009) + connection), cancellation), cancellation)));

    private async Task RunOneAsync(int requests, int own, CancellationToken cancellation)
    {
        var random = new Random(own);
        var writer = new RequestWriter(grammar, random);
        using var connection = new FuzzConnection(port);
        for (var i = 0; i < requests && violations.Count < 20; i++)
        {
            try
            {
                if (random.Next(GarbageOneIn) == 0) await ThrowAsync(connection, random, cancellation);
                else await AskAsync(connection, writer.Write(), cancellation);
            }
            catch (Exception exception) when (exception is FaultTestException or System.Net.Sockets.SocketException)
            {
                violations.Enqueue($"{exception.Message}");
            }
        }
    }

    private async Task AskAsync(FuzzConnection connection, FuzzRequest request, CancellationToken cancellation)
    {
        var answer = await connection.AskAsync(request, cancellation);
        // The server may close a connection that has been idle or was refused before: once more on a new one decides.
        answer ??= await connection.AskAsync(request, cancellation);
        if (answer is null)
        {
            violations.Enqueue($"closed without an answer, twice: {request}");
            return;
        }

        statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        if (Fault(answer, request) is { } fault) violations.Enqueue($"{fault}: {System.Text.Encoding.UTF8.GetString(answer.Body.AsSpan(0, Math.Min(300, answer.Body.Length)))}\n{request}");
    }

    private static string? Fault(FuzzAnswer answer, FuzzRequest request)
    {
        if (answer.Status is >= 500 and not 503) return $"status {answer.Status}";
        if (answer.Status < 400 || request.IsHead || (request.IsPage && answer.ContentType == "text/html; charset=utf-8")) return null;
        if (answer.ContentType is null || !answer.ContentType.StartsWith("application/problem+json", StringComparison.Ordinal)) return $"status {answer.Status} as {answer.ContentType ?? "nothing"}";
        try
        {
            using var problem = JsonDocument.Parse(answer.Body);
            var status = problem.RootElement.GetProperty("status").GetInt32();
            var isWhole = problem.RootElement.TryGetProperty("title", out _) && problem.RootElement.TryGetProperty("type", out _);
            return status == answer.Status && isWhole ? null : $"status {answer.Status} with another problem";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"status {answer.Status} with a problem that cannot be read";
        }
    }

    // Who does not speak HTTP is refused or left alone; with 505, who speaks another version of it.
    private async Task ThrowAsync(FuzzConnection connection, Random random, CancellationToken cancellation)
    {
        var pieces = Garbage.Write(random);
        var said = await connection.ThrowAsync(pieces, resets: random.Next(4) == 0, GarbageWait, cancellation);
        foreach (var line in said.Split('\n').Where(line => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)))
        {
            var status = int.Parse(line.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            if (status is < 300 or 503 or 505 || Refusals.Contains(status)) continue;
            violations.Enqueue($"status {status} to garbage: {new FuzzRequest(pieces.SelectMany(piece => piece).ToArray(), IsHead: false, IsPage: false)}");
        }
    }
}
