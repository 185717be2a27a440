using System.Globalization;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary>What <c>GET /v1/dead-letters</c> asks for.</summary>
public sealed record DeadLetterQuery
{
    private const int MaxLimit = 500;

    private static readonly string[] Known = ["subscription", "error", "status", "limit", "cursor"];

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

    /// <summary>Reads the query string; null when something is wrong with it, then <paramref name="errors"/> says what.</summary>
    public static DeadLetterQuery? Parse(IQueryCollection values, RegistrySnapshot registry, FieldErrors errors) =>
        Parse(QueryText.ReadAll(values, Known, errors).GetValueOrDefault, registry, errors);

    /// <summary>Takes each value from <paramref name="find"/>; null when something is wrong with them, then <paramref name="errors"/> says what.</summary>
    public static DeadLetterQuery? Parse(Func<string, string?> find, RegistrySnapshot registry, FieldErrors errors)
    {
        var error = find("error");
        var query = new DeadLetterQuery { Subscription = Find(registry, find("subscription"), errors), Error = string.IsNullOrEmpty(error) ? null : error };
        if (error?.Length > Reasons.MaxLength) errors.Add("error", $"At most {Reasons.MaxLength} characters.");
        if (Number(find("status"), 100, 999, out var statusValue)) query = query with { Status = statusValue };
        else errors.Add("status", "An HTTP status.");
        if (!Number(find("limit"), 1, MaxLimit, out var limitValue)) errors.Add("limit", $"A whole number from 1 to {MaxLimit}.");
        else if (limitValue is { } most) query = query with { Limit = most };
        var place = new MessageCursor(0, 0);
        if (find("cursor") is { Length: > 0 } cursor && !MessageCursor.TryParse(cursor, out place)) errors.Add("cursor", "This is not a cursor of this list.");
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
