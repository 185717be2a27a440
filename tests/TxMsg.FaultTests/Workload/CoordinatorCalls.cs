using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace TxMsg.FaultTests.Workload;

/// <summary>The calls of a producer, as bytes over HTTP. Null stands for no answer: the coordinator is not there, or went away.</summary>
internal sealed class CoordinatorCalls(Func<Uri> address, TimeSpan timeout, string? key = null) : IDisposable
{
    private readonly ConcurrentDictionary<int, int> answers = new();
    private long slowestMilliseconds;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = timeout }) { Timeout = timeout };

    /// <summary>How many calls were answered with this status.</summary>
    public int Count(int status) => answers.GetValueOrDefault(status);

    /// <summary>How many calls got no answer.</summary>
    public int Unanswered => Count(0);

    /// <summary>How long the slowest call took that was answered.</summary>
    public TimeSpan Slowest => TimeSpan.FromMilliseconds(Interlocked.Read(ref slowestMilliseconds));

    public Task<CallAnswer?> PrepareAsync(string producer, MessageRecord message) => PostAsync("/v1/messages", Message(producer, message, verdict: null));

    public Task<CallAnswer?> SendAsync(string producer, MessageRecord message) => PostAsync("/v1/messages", Message(producer, message, Verdicts.Commit));

    public Task<CallAnswer?> DecideAsync(MessageRecord message, string verdict) => PostAsync($"/v1/messages/{message.Id}/{verdict}", null);

    public Task<CallAnswer?> PrepareAsync(string producer, IEnumerable<MessageRecord> messages) =>
        PostAsync("/v1/messages/batch", $$"""{"messages":[{{string.Join(',', messages.Select(message => Message(producer, message, verdict: null)))}}]}""");

    public Task<CallAnswer?> DecideAsync(IEnumerable<MessageRecord> messages, string verdict) =>
        PostAsync("/v1/verdicts", $$"""{"verdicts":[{{string.Join(',', messages.Select(message => $$"""{"id":"{{message.Id}}","verdict":"{{verdict}}"}"""))}}]}""");

    public Task<CallAnswer?> GetAsync(string path) => CallAsync(HttpMethod.Get, path, null);

    public Task<CallAnswer?> PostAsync(string path, string? json) => CallAsync(HttpMethod.Post, path, json);

    public Task<CallAnswer?> PutAsync(string path, object body) => CallAsync(HttpMethod.Put, path, JsonSerializer.Serialize(body, JsonSerializerOptions.Web));

    /// <summary>Every item of a list, page by page.</summary>
    public async IAsyncEnumerable<JsonElement> PagesAsync(string path)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            var answer = await GetAsync(cursor.Length == 0 ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            if (answer?.Status != 200) throw new FaultTestException($"{path} was answered {answer}");
            foreach (var item in answer.Json.GetProperty("items").EnumerateArray()) yield return item;
            cursor = answer.Json.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<CallAnswer?> CallAsync(HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(address(), path));
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        var clock = Stopwatch.StartNew();
        var answer = await AnswerAsync(request);
        answers.AddOrUpdate(answer?.Status ?? 0, 1, static (_, count) => count + 1);
        for (var took = clock.ElapsedMilliseconds; answer is not null;)
        {
            var slowest = Interlocked.Read(ref slowestMilliseconds);
            if (took <= slowest || Interlocked.CompareExchange(ref slowestMilliseconds, took, slowest) == slowest) break;
        }

        return answer;
    }

    private async Task<CallAnswer?> AnswerAsync(HttpRequestMessage request)
    {
        try
        {
            using var response = await http.SendAsync(request);
            return new CallAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync());
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    private static string Message(string producer, MessageRecord message, string? verdict)
    {
        var text = new StringBuilder($$"""{"id":"{{message.Id}}","producer":"{{producer}}","topic":"{{message.Topic}}","payload":{{Encoding.UTF8.GetString(Payload.Of(message.Id))}}""");
        if (message.OrderingKey is { } orderingKey) text.Append($",\"orderingKey\":\"{orderingKey}\"");
        if (verdict is not null) text.Append($",\"verdict\":\"{verdict}\"");
        return text.Append('}').ToString();
    }
}

/// <summary>An answer of the coordinator, whole.</summary>
internal sealed record CallAnswer(int Status, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public override string ToString() => $"{Status} {Encoding.UTF8.GetString(Body)}";
}
