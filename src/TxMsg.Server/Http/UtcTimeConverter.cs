using System.Text.Json;
using System.Text.Json.Serialization;

namespace TxMsg.Server.Http;

/// <summary>Times as <see cref="WireTime"/> has them.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[WireTime.Length];
        WireTime.Write(value, text);
        writer.WriteStringValue(text);
    }
}
