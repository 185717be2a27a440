using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The coordinator's HTTP interface as a stranger calls it: plain requests, no help from the SDK.</summary>
public sealed class Api : IDisposable
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Func<Uri> address;
    private readonly HttpClient http;

    /// <summary>The address is asked for at each call, because it may change when a coordinator is restarted.</summary>
    public Api(Func<Uri> address, string? key = null)
    {
        this.address = address;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // a test that wants a traceparent sends its own
            ActivityHeadersPropagator = null,
        })
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public Task<Reply> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Reply> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    public Task<Reply> PutAsync(string path, object body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = AsJson(body) });

    /// <summary>Posts an object as JSON, a string as the JSON it is, or nothing.</summary>
    public Task<Reply> PostAsync(string path, object? body = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : AsJson(body) });

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.RequestUri = new Uri(address(), request.RequestUri!);
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            return new Reply((int)response.StatusCode, response.Headers, response.Content.Headers.ContentType?.ToString(), body);
        }
    }

    public Task<Reply> CommitAsync(string id, string? reason = null) => DecideAsync(id, "commit", reason);

    public Task<Reply> RollbackAsync(string id, string? reason = null) => DecideAsync(id, "rollback", reason);

    public Task<Reply> CheckBackAsync(string id, string? reason = null) => DecideAsync(id, "check-back", reason);

    public Task<Reply> MessageAsync(string id) => GetAsync($"/v1/messages/{id}");

    public async Task<Timeline> TimelineAsync(string id) => new((await GetAsync($"/v1/messages/{id}/timeline")).Expect(200));

    public Task<Reply> SubscriptionAsync(string name) => GetAsync($"/v1/subscriptions/{name}");

    public Task<Reply> DeadLettersAsync(string subscription) => GetAsync($"/v1/dead-letters?subscription={subscription}");

    /// <summary>A new admin key.</summary>
    public async Task<(string KeyId, string Key)> CreateAdminKeyAsync(string role, string? name = null)
    {
        var reply = (await PostAsync("/v1/admin-keys", new { role, name })).Expect(201);
        return (reply.Text("keyId")!, reply.Text("key")!);
    }

    public void Dispose() => http.Dispose();

    internal static HttpContent AsJson(object body) => body is string json
        ? new StringContent(json, Encoding.UTF8, "application/json")
        : JsonContent.Create(body, body.GetType(), options: CamelCase);

    private Task<Reply> DecideAsync(string id, string action, string? reason) =>
        PostAsync($"/v1/messages/{id}/{action}", reason is null ? null : new { reason });
}
