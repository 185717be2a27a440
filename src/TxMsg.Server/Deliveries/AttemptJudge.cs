using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Deliveries;

/// <summary>What an attempt means for its delivery and its subscription.</summary>
/// <param name="Event">What happens to the delivery.</param>
/// <param name="RetryIn">When it is tried again, if it is.</param>
/// <param name="PausesSubscription">The endpoint is gone: nothing more goes there until someone says so.</param>
/// <param name="EndpointFailed">The endpoint as a whole seems unwell, not just this message.</param>
/// <param name="Asked">When the endpoint wants to be called again, if it said so and is obeyed.</param>
public readonly record struct Judgement(DeliveryEvent Event, TimeSpan RetryIn, bool PausesSubscription, bool EndpointFailed, TimeSpan? Asked = null);

/// <summary>Judges attempts by the receiver's answer.</summary>
public static class AttemptJudge
{
    /// <summary>2xx acknowledges; 410 and 422 dead-letter at once, 410 pausing the subscription; 429 and 503 obey
    /// <c>Retry-After</c>; everything else is tried again by the schedule until that is exhausted.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="attempts">How many attempts of this schedule there were, this one included.</param>
    /// <param name="schedule">The delays between attempts, in seconds.</param>
    /// <param name="random">0 to 1: where in the jitter.</param>
    public static Judgement Judge(WebhookResult result, int attempts, IReadOnlyList<double> schedule, double random)
    {
        if (result.IsSuccess) return new Judgement(DeliveryEvent.Acknowledge, default, false, false);
        var status = result.Outcome == WebhookOutcome.Answered ? result.Status : null;
        if (status is 410) return new Judgement(DeliveryEvent.DeadLetter, default, true, true);
        if (status is 422) return new Judgement(DeliveryEvent.DeadLetter, default, false, false);
        var asked = status is 429 or 503 ? result.RetryAfter : null;
        var endpointFailed = status is null or 429 or >= 500;
        return RetrySchedule.DelayAfter(schedule, attempts, asked, random) is { } delay
            ? new Judgement(DeliveryEvent.Retry, delay, false, endpointFailed, asked is null ? null : delay)
            : new Judgement(DeliveryEvent.DeadLetter, default, false, endpointFailed);
    }
}
