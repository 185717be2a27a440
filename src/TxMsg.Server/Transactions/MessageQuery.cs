using System.Globalization;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Transactions;

/// <summary>What <c>GET /v1/messages</c> asks for.</summary>
public sealed class MessageQuery
{
    /// <summary>Most items of a page.</summary>
    public const int MaxLimit = 500;

    private static readonly string[] Known = ["state", "topic", "producer", "key", "tag", "from", "to", "limit", "cursor"];

    private MessageState? state;
    private long? producerId;
    private string? topic;
    private string? key;
    private string? tag;
    private long from;
    private long to = long.MaxValue;
    private MessageCursor cursor = MessageCursor.Start;

    /// <summary>How many items a page has: 1 to 500, default 50.</summary>
    public int Limit { get; private set; } = 50;

    /// <summary>The statement whose index fits best.</summary>
    public string Statement =>
        state is { } wanted && wanted.IsUndecided() ? "ListUndecidedMessages" : key is not null ? "ListMessagesByKey" : "ListMessages";

    /// <summary>Reads the query string; null when something is wrong with it, then <paramref name="errors"/> says what.</summary>
    public static MessageQuery? Parse(IQueryCollection values, RegistrySnapshot registry, long? onlyProducerId, FieldErrors errors)
    {
        var query = new MessageQuery { producerId = onlyProducerId };
        foreach (var name in values.Keys.Except(Known, StringComparer.Ordinal)) errors.Add(name, "This parameter is not known.");
        foreach (var name in Known)
        {
            if (values[name].ToString() is { Length: > 0 } text && query.Set(name, text, registry) is { } error) errors.Add(name, error);
        }

        return errors.IsEmpty ? query : null;
    }

    /// <summary>The statement's parameters; one row more than the page shows whether there is another.</summary>
    public object ToParameters() => new
    {
        state = (int?)state,
        producerId,
        topic,
        key,
        tag,
        from,
        to,
        beforeTime = cursor.PreparedAt,
        beforeSeq = cursor.Seq,
        limit = Limit + 1,
    };

    private string? Set(string name, string text, RegistrySnapshot registry)
    {
        switch (name)
        {
            case "state":
                state = MessageStateNames.Parse(text);
                return state is null ? "One of prepared, parked, committed, rolledBack." : null;
            case "producer":
                return SetProducer(registry.FindProducer(text));
            case "topic":
                topic = text;
                return null;
            case "key":
                key = text;
                return null;
            case "tag":
                tag = text;
                return null;
            case "from":
                return TryTime(text, ref from);
            case "to":
                return TryTime(text, ref to);
            case "limit":
                Limit = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 0;
                return Limit is < 1 or > MaxLimit ? $"A whole number from 1 to {MaxLimit}." : null;
            default:
                return MessageCursor.TryParse(text, out cursor) ? null : "This is not a cursor of this list.";
        }
    }

    private string? SetProducer(Producer? producer)
    {
        // A caller who may see only its own messages finds none of another's.
        if (producer is null || (producerId is { } only && only != producer.Id)) producerId = -1;
        else producerId = producer.Id;
        return null;
    }

    private static string? TryTime(string text, ref long milliseconds)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return "A time in ISO 8601 is required.";
        milliseconds = time.ToUnixTimeMilliseconds();
        return null;
    }
}
