namespace TxMsg.Server.Alerts;

/// <summary>Something that may need a person, as it is now.</summary>
/// <param name="Kind">One of <see cref="AlertKinds"/>.</param>
/// <param name="Subject">The producer or the subscription.</param>
/// <param name="Count">How many messages or deliveries it is about.</param>
/// <param name="Age">How long the oldest of them has waited.</param>
/// <param name="Limit">How long it may wait; null: one is enough.</param>
public sealed record AlertCondition(string Kind, string Subject, long Count, TimeSpan? Age, TimeSpan? Limit)
{
    // An age that swings about its limit would be raised and cleared again and again.
    private const double ClearsBelow = 0.8;

    /// <summary>What the alert's row is known by.</summary>
    public string Key => KeyOf(Kind, Subject);

    /// <summary>Whether it raises an alert.</summary>
    public bool Raises => Limit is { } limit ? Age >= limit : Count > 0;

    /// <summary>Whether it keeps one that is raised.</summary>
    public bool Keeps => Limit is { } limit ? Age >= KeptFrom(limit) : Count > 0;

    /// <summary>The age that keeps an alert, where an age of <paramref name="limit"/> raises it.</summary>
    public static TimeSpan KeptFrom(TimeSpan limit) => limit * ClearsBelow;

    /// <summary>What the row of an alert is known by.</summary>
    public static string KeyOf(string kind, string subject) => $"{kind}:{subject}";
}
