using System.Net.Http.Json;
using System.Text.Json;

namespace TxMsg.Benchmarks.Driving;

/// <summary>Waits for a server and registers the driver's producer and subscription.</summary>
internal static class Setup
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static void WaitUntilReady(HttpClient http, Func<bool> isRunning, CancellationToken cancellation)
    {
        var deadline = DateTime.UtcNow + LongestStart;
        while (!IsReady(http, cancellation))
        {
            if (!isRunning())
                throw new BenchmarkFailedException("The server ended while it started.");
            if (DateTime.UtcNow > deadline)
                throw new BenchmarkFailedException($"The server was not ready within {LongestStart}.");
            cancellation.WaitHandle.WaitOne(Pause);
        }
    }

    /// <summary>Returns the subscription's signing secret, or null when the server shows none.</summary>
    public static string? Register(HttpClient http, Uri endpoint, CancellationToken cancellation)
    {
        // Nothing is left undecided for long, so nobody needs to listen at the check-back URL.
        Put(http, "/v1/producers/" + Names.Producer, new { checkBackUrl = new Uri(endpoint, "/check-back") }, cancellation);
        using var subscription = Put(http, "/v1/subscriptions/" + Names.Subscription, new { topic = Names.Topic, endpoint }, cancellation);
        return subscription.RootElement.TryGetProperty("secret", out var secret) ? secret.GetString() : null;
    }

    private static bool IsReady(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
            using var answer = http.Send(request, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static JsonDocument Put(HttpClient http, string path, object body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        using var answer = http.Send(request, cancellation);
        using var stream = answer.Content.ReadAsStream(cancellation);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text)
            : throw new BenchmarkFailedException($"PUT {path} was answered {(int)answer.StatusCode}: {text}");
    }
}
