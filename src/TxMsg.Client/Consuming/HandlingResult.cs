namespace TxMsg.Client.Consuming;

/// <summary>What a handler says about a delivery. An exception says none of these: it is rolled back, logged and tried again.</summary>
public sealed class HandlingResult
{
    /// <summary>The longest delay the coordinator obeys: an hour.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromHours(1);

    private HandlingResult(HandlingResultKind kind, TimeSpan? delay = null, string? reason = null)
    {
        Kind = kind;
        Delay = delay;
        Reason = reason;
    }

    /// <summary>Handled: the local transaction commits, and the delivery is over.</summary>
    public static HandlingResult Acknowledge { get; } = new(HandlingResultKind.Acknowledge);

    /// <summary>The delay that was asked for.</summary>
    internal TimeSpan? Delay { get; }

    /// <summary>Why it was rejected.</summary>
    internal string? Reason { get; }

    internal HandlingResultKind Kind { get; }

    /// <summary>Not now: the local transaction rolls back, and the delivery is tried again. It counts as an attempt of the subscription's schedule,
    /// with a delay too: when the schedule has no further attempt, the delivery is a dead letter.</summary>
    /// <param name="delay">When: zero to <see cref="MaxDelay"/>, beyond which it counts as that; whole seconds, rounded up, and zero is a second or two. It takes the place of the
    /// schedule's next delay, so that short ones use the schedule up soon. Default: by the schedule.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public static HandlingResult Retry(TimeSpan? delay = null)
    {
        if (delay is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(delay));
        return new HandlingResult(HandlingResultKind.Retry, delay > MaxDelay ? MaxDelay : delay);
    }

    /// <summary>Never: the local transaction rolls back, and the delivery is a dead letter at once.</summary>
    /// <param name="reason">Why, for the operator; the coordinator keeps its first 512 characters.</param>
    public static HandlingResult Reject(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new HandlingResult(HandlingResultKind.Reject, reason: reason);
    }
}

internal enum HandlingResultKind
{
    Acknowledge,
    Retry,
    Reject,
}
