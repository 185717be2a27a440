using TxMsg.Contracts.Registration;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Http;
using TxMsg.Server.Producers;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Subscriptions;

/// <summary>What a subscription may be made of.</summary>
public sealed class SubscriptionRules(EndpointRules endpoints)
{
    /// <summary>Most tags of a subscription.</summary>
    public const int MaxTags = 100;

    /// <summary>Most retries of a schedule.</summary>
    public const int MaxRetries = 100;

    /// <summary>Longest delay of a schedule, in seconds: a week.</summary>
    public const double MaxRetryDelaySeconds = 604_800;

    /// <summary>What is wrong, by field.</summary>
    public FieldErrors Check(string name, SubscriptionRequest request)
    {
        var errors = new FieldErrors();
        if (Names.Check(name) is { } wrong) errors.Add("name", wrong);
        PrepareRules.CheckTopic(request.Topic, errors);
        if (!endpoints.TryParse(request.Endpoint, out _, out var error)) errors.Add("endpoint", error);
        CheckTags(request.Tags, errors);
        if (request.MaxConcurrency is < 1 or > 1000) errors.Add("maxConcurrency", "A whole number from 1 to 1000.");
        PrepareRules.CheckSeconds("timeoutSeconds", request.TimeoutSeconds, 0.1, DeliveryOptions.MaxTimeout.TotalSeconds, errors);
        CheckSchedule(request.RetryScheduleSeconds, errors);
        ProducerRules.CheckSecret(request.Secret, errors);
        Reasons.Check(request.Reason, errors);
        return errors;
    }

    private static void CheckTags(IReadOnlyList<string>? tags, FieldErrors errors)
    {
        if (tags is null) return;
        if (tags.Count > MaxTags) errors.Add("tags", $"At most {MaxTags} tags.");
        for (var i = 0; i < Math.Min(tags.Count, MaxTags); i++)
        {
            if (tags[i] is null) errors.Add($"tags[{i}]", "A string is required.");
            else PrepareRules.CheckText($"tags[{i}]", tags[i], errors);
        }
    }

    private static void CheckSchedule(IReadOnlyList<double>? schedule, FieldErrors errors)
    {
        if (schedule is null) return;
        if (schedule.Count > MaxRetries) errors.Add("retryScheduleSeconds", $"At most {MaxRetries} delays.");
        for (var i = 0; i < Math.Min(schedule.Count, MaxRetries); i++)
            PrepareRules.CheckSeconds($"retryScheduleSeconds[{i}]", schedule[i], 0, MaxRetryDelaySeconds, errors);
    }
}
