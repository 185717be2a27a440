using System.Text.Json;

namespace TxMsg.FaultTests.Fuzz;

/// <summary>A call that the API offers.</summary>
/// <param name="Method">GET, POST, ...</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Body">The schema of its body, if it takes one.</param>
/// <param name="Query">The names of its query parameters.</param>
internal sealed record Operation(string Method, string Path, JsonElement? Body, IReadOnlyList<string> Query);

/// <summary>Every call of the API, as its own description says: a new one is fuzzed without anybody thinking of it.</summary>
internal sealed class ApiGrammar
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    private readonly JsonElement root;

    private ApiGrammar(JsonElement root)
    {
        this.root = root;
        Operations = root.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(method => Methods.Contains(method.Name)).Select(method => Read(path.Name, method)))
            .ToArray();
    }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Reads <c>/openapi/v1.json</c>.</summary>
    public static ApiGrammar Read(byte[] description)
    {
        using var json = JsonDocument.Parse(description);
        return new ApiGrammar(json.RootElement.Clone());
    }

    /// <summary>A schema without its references: one of the alternatives where it has some.</summary>
    public JsonElement Resolve(JsonElement schema, Random random)
    {
        for (var i = 0; i < 20; i++)
        {
            if (schema.TryGetProperty("$ref", out var reference)) schema = Follow(reference.GetString()!);
            else if ((schema.TryGetProperty("oneOf", out var any) || schema.TryGetProperty("anyOf", out any)) && any.GetArrayLength() > 0) schema = any[random.Next(any.GetArrayLength())];
            else return schema;
        }

        return schema;
    }

    private static Operation Read(string path, JsonProperty method)
    {
        JsonElement? body = null;
        if (method.Value.TryGetProperty("requestBody", out var request) && request.TryGetProperty("content", out var content))
        {
            foreach (var type in content.EnumerateObject())
                if (type.Value.TryGetProperty("schema", out var schema)) body = schema;
        }

        var query = method.Value.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.TryGetProperty("in", out var place) && place.GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!).ToArray()
            : [];
        return new Operation(method.Name.ToUpperInvariant(), path, body, query);
    }

    private JsonElement Follow(string reference)
    {
        var element = root;
        foreach (var part in reference.TrimStart('#', '/').Split('/')) element = element.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        return element;
    }
}
