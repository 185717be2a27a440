using Microsoft.Extensions.Options;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>Names every value of <see cref="LocalMessageOptions"/> that is wrong, when the service starts.</summary>
internal sealed class LocalMessageOptionsValidator : IValidateOptions<LocalMessageOptions>
{
    public ValidateOptionsResult Validate(string? name, LocalMessageOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrEmpty(options.Producer) || options.Producer.Length > MessageRules.MaxTextLength)
            failures.Add($"{nameof(LocalMessageOptions)}.{nameof(options.Producer)} needs 1 to {MessageRules.MaxTextLength} characters");
        if (options.Connection is null) failures.Add($"{nameof(LocalMessageOptions)}.{nameof(options.Connection)} is missing");
        CheckRange(failures, nameof(options.MaxPayloadBytes), options.MaxPayloadBytes, 1, 64 * 1024 * 1024);
        CheckRange(failures, nameof(options.BatchSize), options.BatchSize, 1, 1000);
        CheckRange(failures, nameof(options.PollInterval), options.PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        CheckRange(failures, nameof(options.Lease), options.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        CheckRange(failures, nameof(options.MinBackoff), options.MinBackoff, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        CheckRange(failures, nameof(options.MaxBackoff), options.MaxBackoff, options.MinBackoff, TimeSpan.FromDays(1));
        CheckRange(failures, nameof(options.MaxFailures), options.MaxFailures, 1, 1000);
        CheckRange(failures, nameof(options.AlarmAfter), options.AlarmAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        CheckRange(failures, nameof(options.SentRetention), options.SentRetention, TimeSpan.Zero, TimeSpan.FromDays(3650));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckRange<T>(List<string> failures, string option, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0) failures.Add($"{nameof(LocalMessageOptions)}.{option} '{value}' is not within {min} and {max}");
    }
}
