using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Reads JSON without wire types of the server, so that a renamed property breaks a test.</summary>
public static class JsonReading
{
    /// <summary>The text of a property; null when it is null or left out.</summary>
    public static string? Text(this JsonObject json, string name) => json[name]?.ToString();

    public static double Number(this JsonObject json, string name) =>
        json[name]?.GetValue<double>() ?? throw new AssertionException($"No number '{name}' in {json.ToJsonString()}");

    public static JsonObject Object(this JsonObject json, string name) =>
        json[name] as JsonObject ?? throw new AssertionException($"No object '{name}' in {json.ToJsonString()}");

    public static IReadOnlyList<JsonObject> List(this JsonObject json, string name) =>
        json[name] is JsonArray array
            ? [.. array.Select(item => item!.AsObject())]
            : throw new AssertionException($"No list '{name}' in {json.ToJsonString()}");
}
