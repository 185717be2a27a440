using TxMsg.Contracts;

namespace TxMsg.Client.Testing;

/// <summary>What a receiver answered; no status when it did not.</summary>
internal readonly record struct AttemptAnswer(int? Status, int? RetryAfterSeconds = null, string? Error = null);

/// <summary>What an attempt means for its delivery: the coordinator's rules without their jitter.</summary>
internal static class AttemptRules
{
    private const int MaxRetryAfterSeconds = 3600;

    // Asked for at once, the server waits one to two seconds; without jitter, the middle.
    private const double SoonestRetrySeconds = 1.5;

    /// <summary>2xx acknowledges; 410 and 422 dead-letter at once, 410 pausing the subscription; 429 and 503 obey <c>Retry-After</c>;
    /// everything else is tried again by the schedule until that is exhausted.</summary>
    public static (string State, TimeSpan? RetryIn, bool Pauses) Judge(AttemptAnswer answer, int attempts, IReadOnlyList<double> schedule)
    {
        if (answer.Status is >= 200 and <= 299) return (DeliveryStates.Delivered, null, false);
        if (answer.Status is 410 or 422 || attempts > schedule.Count) return (DeliveryStates.DeadLettered, null, answer.Status is 410);
        var asked = answer.Status is 429 or 503 ? answer.RetryAfterSeconds : null;
        var seconds = asked is not { } given ? schedule[attempts - 1] : given < 1 ? SoonestRetrySeconds : Math.Min(given, MaxRetryAfterSeconds);
        return (DeliveryStates.Pending, TimeSpan.FromSeconds(seconds), false);
    }
}
