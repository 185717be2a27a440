using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Consuming;

/// <summary>Names each wrong value, and repeats no secret.</summary>
internal sealed class ConsumerOptionsValidator(IServiceProviderIsService? services = null) : IValidateOptions<ConsumerOptions>
{
    private const int MaxRetries = 100;
    private const int MaxTags = 100;
    private const int MaxBodyBytes = 1 << 30;
    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxInboxRetention = TimeSpan.FromDays(3650);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromDays(7);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, ConsumerOptions options)
    {
        var errors = Check(options);
        if (options.Coordinator is null && SubscriptionsOf(options).Any(subscription => subscription.IsRegistered) && services?.IsService(typeof(ICoordinatorClient)) is false)
            errors.Add($"{nameof(ConsumerOptions.Coordinator)}: subscriptions are to be registered, and the services have no {nameof(ICoordinatorClient)}.");
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    public static List<string> Check(ConsumerOptions options)
    {
        var errors = new List<string>();
        CheckSecrets(nameof(options.Secrets), options.Secrets, errors);
        Expect(options.Subscriptions?.Contains(null!) is false, nameof(options.Subscriptions), "a list, none of it null", errors);
        var subscriptions = SubscriptionsOf(options);
        if (options.Secrets is { Count: 0 } && (subscriptions.Length == 0 || subscriptions.Any(subscription => subscription.Secrets is not { Count: > 0 })))
            errors.Add($"{nameof(options.Secrets)}: at least one is needed, unless every subscription has its own.");
        Expect(options.Tolerance > TimeSpan.Zero && options.Tolerance <= TimeSpan.FromDays(1), nameof(options.Tolerance), "more than zero, at most a day", errors);
        Expect(options.MaxBodyBytes is >= 1 and <= MaxBodyBytes, nameof(options.MaxBodyBytes), "1 to 1,073,741,824", errors);
        Expect(options.LockWait >= Second && options.LockWait <= TimeSpan.FromMinutes(1), nameof(options.LockWait), "a second to a minute", errors);
        Expect(
            options.InboxRetention >= ConsumerOptions.MinInboxRetention && options.InboxRetention <= MaxInboxRetention
                && options.InboxRetention - ConsumerOptions.MinInboxRetention >= LongestRetryDelay(options),
            nameof(options.InboxRetention), "a day to 3,650 days, and a day longer than the longest delay of a subscription's retry schedule", errors);
        Expect(options.PurgeInterval >= Second && options.PurgeInterval <= TimeSpan.FromDays(1), nameof(options.PurgeInterval), "a second to a day", errors);
        Expect(Enum.IsDefined(options.IsolationLevel), nameof(options.IsolationLevel), "one of the levels", errors);
        for (var i = 0; i < (options.Subscriptions?.Count ?? 0); i++)
            if (options.Subscriptions![i] is { } subscription) CheckSubscription($"{nameof(options.Subscriptions)}[{i}].", subscription, errors);
        Expect(
            subscriptions.DistinctBy(subscription => subscription.Name).Count() == subscriptions.Length,
            nameof(options.Subscriptions), "each name once", errors);
        return errors;
    }

    // What configuration leaves out may be null in spite of its type: that is named, too.
    private static ConsumerSubscription[] SubscriptionsOf(ConsumerOptions options) => [.. (options.Subscriptions ?? []).Where(subscription => subscription is not null)];

    // What was handled though its acknowledgement was lost comes again after one of these.
    private static TimeSpan LongestRetryDelay(ConsumerOptions options) =>
        SubscriptionsOf(options).SelectMany(subscription => subscription.RetrySchedule ?? []).Append(TimeSpan.Zero).Max();

    private static void CheckSubscription(string place, ConsumerSubscription subscription, List<string> errors)
    {
        Expect(EventReader.IsName(subscription.Name), place + nameof(subscription.Name), "1 to 128 letters, digits, '.', '_' and '-'", errors);
        CheckSecrets(place + nameof(subscription.Secrets), subscription.Secrets, errors);
        Expect(subscription.Topic is null == subscription.Endpoint is null, place + nameof(subscription.Endpoint), "given together with the topic, or neither", errors);
        Expect(subscription.Topic is null or { Length: > 0 and <= 256 }, place + nameof(subscription.Topic), "1 to 256 characters", errors);
        Expect(subscription.Endpoint is null || IsWebAddress(subscription.Endpoint), place + nameof(subscription.Endpoint), "an absolute http or https URL", errors);
        Expect(subscription.Tags is null or { Count: <= MaxTags }, place + nameof(subscription.Tags), "at most 100", errors);
        Expect(subscription.MaxConcurrency is null or (>= 1 and <= 1000), place + nameof(subscription.MaxConcurrency), "1 to 1,000", errors);
        Expect(subscription.Timeout is null || (subscription.Timeout >= MinTimeout && subscription.Timeout <= MaxTimeout), place + nameof(subscription.Timeout), "0.1 seconds to 5 minutes", errors);
        Expect(
            subscription.RetrySchedule is null || (subscription.RetrySchedule.Count <= MaxRetries && subscription.RetrySchedule.All(delay => delay >= TimeSpan.Zero && delay <= MaxRetryDelay)),
            place + nameof(subscription.RetrySchedule), "at most 100 delays, each zero to a week", errors);
    }

    private static void CheckSecrets(string place, IList<string>? secrets, List<string> errors)
    {
        Expect(secrets is not null, place, "a list, empty or not", errors);
        for (var i = 0; i < (secrets?.Count ?? 0); i++)
            if (!WebhookSecret.TryParse(secrets![i], out _, out var reason)) errors.Add($"{place}[{i}]: {reason}");
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static void Expect(bool isRight, string place, string rule, List<string> errors)
    {
        if (!isRight) errors.Add($"{place}: {rule}.");
    }
}
