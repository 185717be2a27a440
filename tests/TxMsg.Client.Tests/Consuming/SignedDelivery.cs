using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using TxMsg.Client.Consuming;
using TxMsg.Contracts;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Tests.Consuming;

/// <summary>A delivery as the coordinator makes it, which a test then spoils.</summary>
internal sealed class SignedDelivery
{
    public static readonly WebhookSecret Secret = WebhookSecret.Generate();

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public byte[] Body { get; set; } = "{\"number\":7}"u8.ToArray();

    public DateTimeOffset SignedAt { get; set; } = DateTimeOffset.UtcNow;

    public WebhookSecret[] Secrets { get; set; } = [Secret];

    /// <summary>What is set here overrides; null leaves a header out.</summary>
    public Dictionary<string, string?> Overrides { get; } = new(StringComparer.OrdinalIgnoreCase);

    public SignedDelivery With(string header, string? value)
    {
        Overrides[header] = value;
        return this;
    }

    public IEnumerable<KeyValuePair<string, string>> Headers()
    {
        var id = Id.ToString();
        var seconds = SignedAt.ToUnixTimeSeconds();
        var headers = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            [HeaderNames.WebhookId] = id,
            [HeaderNames.WebhookTimestamp] = seconds.ToString(CultureInfo.InvariantCulture),
            [HeaderNames.WebhookSignature] = WebhookSignature.Sign(Secrets, id, seconds, Body),
            [HeaderNames.SpecVersion] = "1.0",
            [HeaderNames.Id] = id,
            [HeaderNames.Source] = "/producers/shop",
            [HeaderNames.Type] = "orders",
            [HeaderNames.Time] = "2026-03-04T05:06:07.089Z",
            [HeaderNames.Attempt] = "1",
            [HeaderNames.Subscription] = "stock",
            ["Content-Type"] = "application/json",
            ["User-Agent"] = "TxMsg/1.0",
        };
        foreach (var (name, value) in Overrides) headers[name] = value;
        return headers.Where(header => header.Value is not null).Select(header => KeyValuePair.Create(header.Key, header.Value!));
    }

    public DeliveryRequest ToRequest() => new(Headers().ToArray(), Body);

    public HttpRequestMessage ToHttp(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Body) };
        foreach (var (name, value) in Headers())
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
