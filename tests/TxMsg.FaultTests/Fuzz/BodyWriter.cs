using System.Text;
using System.Text.Json;

namespace TxMsg.FaultTests.Fuzz;

/// <summary>Writes a body by its schema, with something wrong here and there, and in the bytes at last.</summary>
internal sealed class BodyWriter(ApiGrammar grammar, Random random)
{
    private const int MaxDepth = 6;

    // One value in so many is not what the schema says; none at all in half of the bodies.
    private int oneIn;

    public byte[] Write(JsonElement schema)
    {
        oneIn = random.Next(2) == 0 ? int.MaxValue : random.Next(2, 12);
        var text = new StringBuilder();
        Value(text, schema, null, 0);
        return Mangle(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void Value(StringBuilder text, JsonElement schema, string? name, int depth)
    {
        if (random.Next(oneIn) == 0)
        {
            Hostile(text);
            return;
        }

        schema = grammar.Resolve(schema, random);
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties) && depth < MaxDepth) Object(text, properties, depth);
        else if (TypeOf(schema) == "array" && depth < MaxDepth) Array(text, schema, name, depth);
        else Scalar(text, schema, name);
    }

    private void Object(StringBuilder text, JsonElement properties, int depth)
    {
        text.Append('{');
        var isFirst = true;
        foreach (var property in properties.EnumerateObject())
        {
            if (Optional(property.Name) && random.Next(3) > 0) continue;
            Property(text, property.Name, property.Value, depth, ref isFirst);
            if (oneIn < int.MaxValue && random.Next(30) == 0) Property(text, property.Name, property.Value, depth, ref isFirst);
        }

        if (oneIn < int.MaxValue && random.Next(20) == 0) text.Append(isFirst ? "" : ",").Append(JsonSerializer.Serialize(Words.Hostile(random))).Append(":1");
        text.Append('}');
    }

    private void Property(StringBuilder text, string name, JsonElement schema, int depth, ref bool isFirst)
    {
        if (!isFirst) text.Append(',');
        isFirst = false;
        text.Append(JsonSerializer.Serialize(random.Next(oneIn) == 0 ? Words.Hostile(random) : name)).Append(':');
        Value(text, schema, name, depth + 1);
    }

    private void Array(StringBuilder text, JsonElement schema, string? name, int depth)
    {
        var count = random.Next(200) == 0 ? random.Next(900, 1100) : random.Next(4);
        text.Append('[');
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(',');
            if (schema.TryGetProperty("items", out var items)) Value(text, items, name, depth + 1);
            else text.Append('1');
        }

        text.Append(']');
    }

    // Enough of what a call needs, that it often gets to its end.
    private static bool Optional(string name) => name is not ("producer" or "topic" or "payload" or "checkBackUrl" or "endpoint" or "verdict" or "subscription" or "messages" or "verdicts" or "kind" or "reason" or "role");

    private void Scalar(StringBuilder text, JsonElement schema, string? name)
    {
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("enum", out var values) && values.GetArrayLength() > 0)
        {
            text.Append(values[random.Next(values.GetArrayLength())].GetRawText());
            return;
        }

        switch (name)
        {
            case "payload": text.Append(random.Pick(["1", "{}", "[1,2]", "\"x\"", "{\"order\":17}"])); return;
            case "verdict" or "kind" or "role" or "state" or "action": Text(text, random.Pick(["commit", "rollback", "redeliver", "discard", "checkBack", "viewer", "operator", "admin"])); return;
            case "checkBackUrl" or "endpoint" or "url": Text(text, random.Pick(Words.Urls)); return;
            case "producer": Text(text, random.Pick(Words.Producers)); return;
            case "subscription": Text(text, random.Pick(Words.Subscriptions)); return;
            case "topic": Text(text, Words.Topic); return;
            case "id" or "messageIds" or "messageId": Text(text, random.Pick(Words.Ids)); return;
        }

        switch (TypeOf(schema))
        {
            case "integer" or "number": text.Append(random.Pick(["0", "1", "2", "10", "-1", "0.5", "3600", "1000000", "2147483647", "1e18"])); break;
            case "boolean": text.Append(random.Pick(["true", "false"])); break;
            case "object": text.Append("{\"a\":\"b\"}"); break;
            default: Text(text, random.Next(3) == 0 ? Words.Hostile(random) : "text"); break;
        }
    }

    // One of several, where null is allowed too.
    private static string? TypeOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type)) return null;
        return type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()).FirstOrDefault(one => one != "null") : type.GetString();
    }

    private static void Text(StringBuilder text, string value) => text.Append(JsonSerializer.Serialize(value));

    private void Hostile(StringBuilder text)
    {
        switch (random.Next(12))
        {
            case 0:
                var depth = random.Pick([10, 63, 64, 65, 200, 5000]);
                text.Append(random.Next(2) == 0 ? new string('[', depth) + new string(']', depth) : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth));
                break;
            case 1: text.Append('"').Append('x', random.Pick([129, 1001, 2049, 70_000, 300_000])).Append('"'); break;
            case 2 or 3 or 4: Text(text, Words.Hostile(random)); break;
            default: text.Append(random.Pick(Words.Json)); break;
        }
    }

    private byte[] Mangle(byte[] body)
    {
        if (body.Length == 0 || random.Next(5) > 0) return body;
        switch (random.Next(8))
        {
            case 0: return body[..random.Next(body.Length)];
            case 1: return [0xEF, 0xBB, 0xBF, .. body];
            case 2: return [.. body, .. random.Pick<byte[]>([[0], "}"u8.ToArray(), " x"u8.ToArray(), [0xff, 0xfe]])];
            case 3: return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body));
            case 4: return [.. Enumerable.Repeat((byte)' ', random.Next(1, 20_000)), .. body];
            case 5: return [];
            default:
                for (var i = random.Next(1, 4); i > 0; i--) body[random.Next(body.Length)] = random.Pick<byte>([0, 0x80, 0xc0, 0xed, 0xf5, 0xff, (byte)'"', (byte)'\\', (byte)'{', (byte)'\n', (byte)random.Next(256)]);
                return body;
        }
    }
}
