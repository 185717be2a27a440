using System.Globalization;
using TxMsg.Server.Http;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Audit;

/// <summary>What <c>GET /v1/audit</c> asks for.</summary>
public sealed class AuditQuery
{
    /// <summary>Most items of a page.</summary>
    public const int MaxLimit = 500;

    private static readonly string[] Known = ["actor", "action", "producer", "subscription", "message", "from", "to", "limit", "cursor"];

    private long? to;
    private MessageCursor cursor = MessageCursor.Start;

    public string? Actor { get; private set; }

    public string? Action { get; private set; }

    public string? Producer { get; private set; }

    public string? Subscription { get; private set; }

    public Guid? Message { get; private set; }

    /// <summary>Not before, in milliseconds.</summary>
    public long From { get; private set; }

    /// <summary>How many items a page has at the most: 1 to 500, default 50.</summary>
    public int Limit { get; private set; } = 50;

    /// <summary>Where the page begins: after the cursor, and before the end of the time that was asked for. Ids begin at 1.</summary>
    public MessageCursor Start => to is { } end && end <= cursor.PreparedAt ? new MessageCursor(end, 0) : cursor;

    /// <summary>Reads the query string; null when something is wrong with it, then <paramref name="errors"/> says what.</summary>
    public static AuditQuery? Parse(IQueryCollection values, FieldErrors errors)
    {
        var query = new AuditQuery();
        foreach (var (name, text) in QueryText.ReadAll(values, Known, errors))
        {
            if (query.Set(name, text) is { } error) errors.Add(name, error);
        }

        return errors.IsEmpty ? query : null;
    }

    /// <summary>Whether a row is what was asked for. Exactly: a database may compare texts less strictly.</summary>
    public bool Wants(AuditRow row) =>
        (Actor is null || Actor == row.Actor)
        && (Action is null || Action == row.Action)
        && (Producer is null || Producer == row.Producer)
        && (Subscription is null || Subscription == row.SubscriptionName)
        && (Message is null || Message == row.Message);

    private string? Set(string name, string text)
    {
        switch (name)
        {
            case "actor":
                Actor = text;
                return null;
            case "action":
                Action = text;
                return AuditActions.All.Contains(text, StringComparer.Ordinal) ? null : $"One of {string.Join(", ", AuditActions.All)}.";
            case "producer":
                Producer = text;
                return null;
            case "subscription":
                Subscription = text;
                return null;
            case "message":
                Message = Uuid.TryParse(text, out var id) ? id : null;
                return Message is null ? "The id of a message is required." : null;
            case "from":
                return SetTime(text, value => From = value);
            case "to":
                return SetTime(text, value => to = value);
            case "limit":
                Limit = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 0;
                return Limit is < 1 or > MaxLimit ? $"A whole number from 1 to {MaxLimit}." : null;
            default:
                return MessageCursor.TryParse(text, out cursor) ? null : "This is not a cursor of this list.";
        }
    }

    private static string? SetTime(string text, Action<long> set)
    {
        if (QueryText.ReadTime(text, out var time) is { } error) return error;
        set(time);
        return null;
    }
}
