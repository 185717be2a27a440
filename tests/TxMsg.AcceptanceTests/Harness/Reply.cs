using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>One answer of the coordinator.</summary>
public sealed class Reply(int status, HttpResponseHeaders headers, string? contentType, byte[] body)
{
    private JsonObject? json;

    public int Status { get; } = status;

    public string? ContentType { get; } = contentType;

    public byte[] Body { get; } = body;

    public string Content => Encoding.UTF8.GetString(Body);

    public JsonObject Json => json ??= Parse();

    public string Id => Text("id")!;

    public string? State => Text("state");

    public IReadOnlyList<JsonObject> Items => List("items");

    public string? NextCursor => Text("nextCursor");

    public string? Header(string name) => headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>The text of a property; null when it is null or left out.</summary>
    public string? Text(string name) => Json.Text(name);

    public DateTimeOffset Time(string name) => DateTimeOffset.Parse(Text(name)!, CultureInfo.InvariantCulture);

    public IReadOnlyList<JsonObject> List(string name) => Json.List(name);

    /// <summary>The delivery of this message to one subscription.</summary>
    public JsonObject Delivery(string subscription) =>
        List("deliveries").SingleOrDefault(delivery => delivery.Text("subscription") == subscription)
        ?? throw new AssertionException($"No delivery to {subscription} in {Content}");

    /// <summary>Fails, showing the answer, unless it has this status.</summary>
    public Reply Expect(int status)
    {
        Status.Should().Be(status, "that is the answer expected to this call; its content is {0}", Content);
        return this;
    }

    public override string ToString() => $"{Status} {Content}";

    private JsonObject Parse()
    {
        try
        {
            return JsonNode.Parse(Body)!.AsObject();
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new AssertionException($"A JSON object was expected, not {this}", wrong);
        }
    }
}
