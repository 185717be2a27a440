using System.Text.Json;
using System.Text.Unicode;
using TxMsg.Contracts;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Transactions;

/// <summary>Reads the JSON of a prepare by hand: the payload must stay the very bytes that stand in the request, every error
/// must name its field, and it is read some 10,000 times a second.</summary>
public ref struct PrepareReader
{
    private readonly ReadOnlyMemory<byte> body;
    private readonly FieldErrors errors = new();
    private Utf8JsonReader json;
    private Fields seen;
    private string? producer;
    private string? unknownProducer;
    private string? topic;
    private ReadOnlyMemory<byte>? payload;
    private ReadOnlyMemory<byte>? decoded;
    private string? id;
    private string? contentType;
    private string? key;
    private string? tag;
    private string? orderingKey;
    private string? headersJson;
    private double? delaySeconds;
    private double? checkBackAfterSeconds;
    private string? verdict;

    /// <summary>Begins at the start of an object that stands anywhere in <paramref name="body"/>, of which the message keeps nothing.</summary>
    public PrepareReader(ReadOnlyMemory<byte> body, Utf8JsonReader json)
    {
        this.body = body;
        this.json = json;
    }

    /// <summary>Where it stopped.</summary>
    public readonly Utf8JsonReader Position => json;

    /// <summary>What is wrong.</summary>
    public readonly FieldErrors Errors => errors;

    /// <summary>The producer that is asked for and not registered, as far as this node knows; null when there is one.</summary>
    public readonly string? UnknownProducer => unknownProducer;

    /// <summary>The most bytes that a payload had.</summary>
    public readonly int PayloadBytes => Math.Max(payload?.Length ?? 0, decoded?.Length ?? 0);

    /// <summary>The id that was given, if it is one.</summary>
    public readonly Guid? MessageId => Uuid.TryParse(id, out var given) ? given : null;

    /// <summary>Whether the base64 of the payload was given.</summary>
    private readonly bool IsBase64 => decoded is not null;

    [Flags]
    private enum Fields
    {
        Producer = 1,
        Topic = 2,
        Payload = 4,
        PayloadBase64 = 8,
        Id = 16,
        ContentType = 32,
        Key = 64,
        Tag = 128,
        OrderingKey = 256,
        Headers = 512,
        DelaySeconds = 1024,
        CheckBackAfterSeconds = 2048,
        Verdict = 4096,
    }

    /// <summary>Reads the object to its end.</summary>
    /// <exception cref="JsonException">The body is not well-formed JSON.</exception>
    public void Read()
    {
        if (json.TokenType == JsonTokenType.None) json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            errors.Add("$", "A JSON object is required.");
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName) ReadField();
    }

    /// <summary>The message, or null when something is wrong: then <see cref="Errors"/> says what.</summary>
    public NewMessage? ToMessage(RegistrySnapshot registry, CheckBackOptions defaults, string? traceParent)
    {
        var sender = Check(registry);
        var messageId = MessageId;
        if (id is not null && messageId is null) errors.Add("id", "This is not a UUID.");
        if (!errors.IsEmpty) return null;
        var after = checkBackAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : sender!.CheckBackAfter ?? defaults.CheckBackAfter;
        return new NewMessage
        {
            Id = messageId ?? Guid.CreateVersion7(),
            ProducerId = sender!.Id,
            Producer = sender.Name,
            Topic = topic!,
            Key = key,
            Tag = tag,
            OrderingKey = orderingKey,
            Delay = TimeSpan.FromMilliseconds(Math.Round((delaySeconds ?? 0) * 1000)),
            CheckBackAfter = after,
            Content = new MessageContent(contentType ?? (IsBase64 ? "application/octet-stream" : "application/json"), headersJson, decoded ?? payload!.Value.ToArray()),
            IsCommitted = verdict is not null,
            TraceParent = traceParent,
        };
    }

    private Producer? Check(RegistrySnapshot registry)
    {
        PrepareRules.CheckTopic(topic, errors);
        PrepareRules.CheckText("key", key, errors);
        PrepareRules.CheckText("tag", tag, errors);
        PrepareRules.CheckText("orderingKey", orderingKey, errors);
        PrepareRules.CheckContentType(contentType, errors);
        PrepareRules.CheckSeconds("delaySeconds", delaySeconds, 0, PrepareRules.MaxDelaySeconds, errors);
        PrepareRules.CheckSeconds("checkBackAfterSeconds", checkBackAfterSeconds, 0.001, PrepareRules.MaxCheckBackAfterSeconds, errors);
        if (verdict is not null and not Verdicts.Commit) errors.Add("verdict", "Only 'commit' may be given with the message.");
        if (payload is null && decoded is null) errors.Add("payload", "Either payload or payloadBase64 is required.");
        // Who writes null for what is not there writes it for the payload too.
        if (payload is { } given && !given.Span.SequenceEqual("null"u8) && IsBase64) errors.Add("payload", "Only one of payload and payloadBase64 may be given.");
        if (string.IsNullOrEmpty(producer))
        {
            errors.Add("producer", "This field is required.");
            return null;
        }

        var found = registry.FindProducer(producer);
        unknownProducer = found is null ? producer : null;
        if (found is null) errors.Add("producer", $"There is no producer {producer}. Register it with PUT /v1/producers/{{name}}.");
        return found;
    }

    private void ReadField()
    {
        // To compare a name that is no text once unescaped would throw.
        if (json.ValueIsEscaped && PrepareRules.GetString(ref json, "$", errors) is null)
        {
            json.Read();
            json.Skip();
            return;
        }

        if (json.ValueTextEquals("payload"u8)) ReadPayload();
        else if (json.ValueTextEquals("producer"u8)) producer = ReadString(Fields.Producer, "producer");
        else if (json.ValueTextEquals("topic"u8)) topic = ReadString(Fields.Topic, "topic");
        else if (json.ValueTextEquals("id"u8)) id = ReadString(Fields.Id, "id");
        else if (json.ValueTextEquals("payloadBase64"u8)) ReadBase64();
        else if (json.ValueTextEquals("contentType"u8)) contentType = ReadString(Fields.ContentType, "contentType");
        else if (json.ValueTextEquals("key"u8)) key = ReadString(Fields.Key, "key");
        else if (json.ValueTextEquals("tag"u8)) tag = ReadString(Fields.Tag, "tag");
        else if (json.ValueTextEquals("orderingKey"u8)) orderingKey = ReadString(Fields.OrderingKey, "orderingKey");
        else if (json.ValueTextEquals("headers"u8)) ReadHeaders();
        else if (json.ValueTextEquals("delaySeconds"u8)) delaySeconds = ReadNumber(Fields.DelaySeconds, "delaySeconds");
        else if (json.ValueTextEquals("checkBackAfterSeconds"u8)) checkBackAfterSeconds = ReadNumber(Fields.CheckBackAfterSeconds, "checkBackAfterSeconds");
        else if (json.ValueTextEquals("verdict"u8)) verdict = ReadString(Fields.Verdict, "verdict");
        else SkipUnknown();
    }

    private void SkipUnknown()
    {
        if (PrepareRules.GetString(ref json, "$", errors) is { } name) errors.Add(name, "This field is not known.");
        json.Read();
        json.Skip();
    }

    // Moves to the value. False when the field was given before, or is null: as if it had not been given.
    private bool Begin(Fields field, string name)
    {
        json.Read();
        if ((seen & field) != 0)
        {
            errors.Add(name, "This field is given twice.");
            json.Skip();
            return false;
        }

        seen |= field;
        return json.TokenType != JsonTokenType.Null;
    }

    private string? ReadString(Fields field, string name)
    {
        if (!Begin(field, name)) return null;
        if (json.TokenType == JsonTokenType.String) return PrepareRules.GetString(ref json, name, errors);
        errors.Add(name, "A string is required.");
        json.Skip();
        return null;
    }

    private double? ReadNumber(Fields field, string name)
    {
        if (!Begin(field, name)) return null;
        if (json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var number) && double.IsFinite(number)) return number;
        errors.Add(name, "A number is required.");
        json.Skip();
        return null;
    }

    private void ReadPayload()
    {
        // JSON's null is a payload too.
        if (!Begin(Fields.Payload, "payload") && json.TokenType != JsonTokenType.Null) return;
        var start = (int)json.TokenStartIndex;
        json.Skip();
        payload = body[start..(int)json.BytesConsumed];
        // The parser passes over what stands in a string; whoever gets it would not.
        if (!Utf8.IsValid(payload.Value.Span)) errors.Add("payload", "This is not UTF-8.");
    }

    private void ReadBase64()
    {
        if (!Begin(Fields.PayloadBase64, "payloadBase64")) return;
        if (PrepareRules.GetBase64(ref json) is { } bytes)
        {
            decoded = bytes;
            return;
        }

        decoded = ReadOnlyMemory<byte>.Empty;
        errors.Add("payloadBase64", "This is not base64.");
        json.Skip();
    }

    private void ReadHeaders()
    {
        if (!Begin(Fields.Headers, "headers")) return;
        headersJson = PrepareRules.ReadHeaders(ref json, errors);
    }
}
