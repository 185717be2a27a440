using System.Globalization;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary>What <c>GET /v1/dead-letters</c> asks for.</summary>
public sealed record DeadLetterQuery
{
    private const int MaxLimit = 500;

    /// <summary>Whose; null: everyone's.</summary>
    public Subscription? Subscription { get; private init; }

    /// <summary>What went wrong, as it was written; null: whatever it was.</summary>
    public string? Error { get; private init; }

    /// <summary>The HTTP status of the last attempt; null: any, or none.</summary>
    public int? Status { get; private init; }

    /// <summary>How many items the page has at the most.</summary>
    public int Limit { get; private init; } = 50;

    /// <summary>The last delivery that the page before looked at.</summary>
    public long After { get; private init; }

    /// <summary>Which dead letters of the subscription.</summary>
    public DeadLetterFilter Filter => new(Error, Status);

    /// <summary>Reads the values of the query string; null when something is wrong with them, then <paramref name="errors"/> says what.</summary>
    public static DeadLetterQuery? Parse(RegistrySnapshot registry, string? subscription, string? error, string? status, string? limit, string? cursor, FieldErrors errors)
    {
        var query = new DeadLetterQuery { Subscription = Find(registry, subscription, errors), Error = string.IsNullOrEmpty(error) ? null : error };
        if (error?.Length > Reasons.MaxLength) errors.Add("error", $"At most {Reasons.MaxLength} characters.");
        if (Number(status, 100, 999, out var statusValue)) query = query with { Status = statusValue };
        else errors.Add("status", "An HTTP status.");
        if (!Number(limit, 1, MaxLimit, out var limitValue)) errors.Add("limit", $"A whole number from 1 to {MaxLimit}.");
        else if (limitValue is { } most) query = query with { Limit = most };
        if (string.IsNullOrEmpty(cursor)) return errors.IsEmpty ? query : null;
        if (!MessageCursor.TryParse(cursor, out var place)) errors.Add("cursor", "This is not a cursor of this list.");
        return errors.IsEmpty ? query with { After = place.Seq } : null;
    }

    /// <summary>The subscription of this name; null when none is asked for, or there is none: then <paramref name="errors"/> says so.</summary>
    public static Subscription? Find(RegistrySnapshot registry, string? name, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(name)) return null;
        var found = registry.FindSubscription(name);
        if (found is null) errors.Add("subscription", $"There is no subscription {name}.");
        return found;
    }

    // What is left out is no mistake.
    private static bool Number(string? text, int least, int most, out int? value)
    {
        value = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most) return false;
        value = number;
        return true;
    }
}
