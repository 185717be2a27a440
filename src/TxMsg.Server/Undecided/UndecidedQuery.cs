using System.Globalization;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Undecided;

/// <summary>What <c>GET /v1/undecided/messages</c> asks for.</summary>
public sealed record UndecidedQuery
{
    /// <summary>Most items of a page.</summary>
    public const int MaxLimit = 500;

    /// <summary>The state; null: both.</summary>
    public MessageState? State { get; init; }

    /// <summary>Whose; null: everyone's.</summary>
    public long? ProducerId { get; init; }

    /// <summary>Prepared so long ago at least.</summary>
    public TimeSpan OlderThan { get; init; }

    /// <summary>Whether those are left out whose local transactions may still take their time.</summary>
    public bool PastFirstCheck { get; init; }

    /// <summary>The place after which the page begins.</summary>
    public MessageCursor After { get; init; } = new(0, 0);

    /// <summary>How many items the page has at the most.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Reads the query string; null when something is wrong with it, then <paramref name="errors"/> says what.</summary>
    public static UndecidedQuery? Parse(IQueryCollection values, RegistrySnapshot registry, FieldErrors errors)
    {
        var query = new UndecidedQuery();
        foreach (var name in values.Keys)
        {
            if (QueryText.Find(values, name, errors) is { } text) query = query.With(name, text, registry, errors);
        }

        return errors.IsEmpty ? query : null;
    }

    private UndecidedQuery With(string name, string text, RegistrySnapshot registry, FieldErrors errors)
    {
        switch (name)
        {
            case "state" when MessageStateNames.Parse(text) is { } state && state.IsUndecided():
                return this with { State = state };
            case "producer" when registry.FindProducer(text) is { } producer:
                return this with { ProducerId = producer.Id };
            case "olderThanSeconds" when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= UndecidedRules.MaxAgeSeconds:
                return this with { OlderThan = TimeSpan.FromSeconds(seconds) };
            case "pastFirstCheck" when bool.TryParse(text, out var past):
                return this with { PastFirstCheck = past };
            case "limit" when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit:
                return this with { Limit = limit };
            case "cursor" when MessageCursor.TryParse(text, out var cursor):
                return this with { After = cursor };
            default:
                errors.Add(name, UndecidedRules.Wrong(name, text));
                return this;
        }
    }
}
