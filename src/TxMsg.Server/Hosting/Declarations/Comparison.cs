using TxMsg.Contracts.Registration;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Hosting.Declarations;

/// <summary>Whether putting a request would change nothing.</summary>
internal static class Comparison
{
    public static bool IsAsDeclared(Producer existing, ProducerRequest declared) =>
        existing.CheckBackUrl.OriginalString == declared.CheckBackUrl
        && IsSame(existing.CheckBackAfter, declared.CheckBackAfterSeconds)
        && existing.MaxUnknownAnswers == declared.MaxUnknownAnswers
        && IsSame(existing.GiveUpAfter, declared.GiveUpAfterSeconds)
        && IsSame(existing.Secrets, declared.Secret);

    public static bool IsAsDeclared(Subscription existing, SubscriptionRequest declared) =>
        existing.Topic == declared.Topic
        && existing.Endpoint.OriginalString == declared.Endpoint
        && existing.Tags.SequenceEqual(declared.Tags ?? [], StringComparer.Ordinal)
        && existing.Ordered == (declared.Ordered ?? false)
        && existing.MaxConcurrency == declared.MaxConcurrency
        && IsSame(existing.Timeout, declared.TimeoutSeconds)
        && IsSame(existing.RetryScheduleSeconds, declared.RetryScheduleSeconds)
        && IsSame(existing.Secrets, declared.Secret);

    // The store keeps milliseconds.
    private static bool IsSame(TimeSpan? existing, double? declared) =>
        (existing is null) == (declared is null) && (existing is null || existing.Value.TotalMilliseconds == Math.Round(declared!.Value * 1000));

    private static bool IsSame(IReadOnlyList<double>? existing, IReadOnlyList<double>? declared) =>
        (existing is null) == (declared is null) && (existing is null || existing.SequenceEqual(declared!));

    // Without a declared secret, the one that the server made stays.
    private static bool IsSame(SigningSecrets existing, string? declared) => declared is null || existing.Current.Reveal() == declared;
}
