using System.Globalization;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Transactions;

/// <summary>What <c>GET /v1/messages</c> asks for.</summary>
public sealed class MessageQuery
{
    /// <summary>Most items of a page.</summary>
    public const int MaxLimit = 500;

    /// <summary>Items of a page, unless another number is asked for.</summary>
    public const int DefaultLimit = 50;

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
    public int Limit { get; private set; } = DefaultLimit;

    /// <summary>How many rows are looked at for one page: the rest is for the next.</summary>
    internal int ScanLimit { get; set; } = 20_000;

    /// <summary>Whether a key says where to look.</summary>
    internal bool HasKey => key is not null;

    /// <summary>Whether a state with an index of its own is asked for: few messages may be in it, or many.</summary>
    internal bool HasIndexedState => state is not (null or MessageState.Committed);

    /// <summary>Whether rows are passed over on the way: only then does a search need a bound.</summary>
    internal bool PassesOver => state is not null || producerId is not null || topic is not null || tag is not null;

    /// <summary>Reads the query string; null when something is wrong with it, then <paramref name="errors"/> says what.</summary>
    public static MessageQuery? Parse(IQueryCollection values, RegistrySnapshot registry, long? onlyProducerId, FieldErrors errors)
    {
        var query = new MessageQuery { producerId = onlyProducerId };
        foreach (var (name, text) in QueryText.ReadAll(values, Known, errors))
        {
            if (query.Set(name, text, registry) is { } error) errors.Add(name, error);
        }

        return errors.IsEmpty ? query : null;
    }

    /// <summary>The statements' parameters; one row more than the page shows whether there is another.</summary>
    /// <param name="until">The last row to look at; none: to the end.</param>
    internal object ToParameters(MessageCursor? until = null) => new
    {
        state = (int?)state,
        producerId,
        producerFrom = producerId ?? 0,
        producerTo = producerId ?? long.MaxValue,
        topic,
        key,
        tag,
        // The bounds of the times are what an index is entered by; the places within one time are compared beside it.
        from = Math.Max(from, until?.PreparedAt ?? from),
        to = Math.Min(to, cursor.PreparedAt),
        beforeTime = cursor.PreparedAt,
        beforeSeq = cursor.Seq,
        untilTime = until?.PreparedAt ?? -1,
        untilSeq = until?.Seq ?? 0,
        limit = Limit + 1,
    };

    /// <summary>The parameters that tell how far to look.</summary>
    internal object ToBoundParameters() => new
    {
        key,
        from,
        to = Math.Min(to, cursor.PreparedAt),
        beforeTime = cursor.PreparedAt,
        beforeSeq = cursor.Seq,
        passed = ScanLimit - 1,
    };

    /// <summary>The parameters that tell whether few messages are in the state.</summary>
    internal object ToCountParameters() => new { state = (int?)state, producerFrom = producerId ?? 0, producerTo = producerId ?? long.MaxValue, limit = ScanLimit + 1 };

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
                return QueryText.ReadTime(text, out from);
            case "to":
                return QueryText.ReadTime(text, out to);
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
}
