using Microsoft.Extensions.Options;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Alerts;

/// <summary>Names every value of <see cref="AlertOptions"/> that is wrong, when the server starts. Never repeats the secret.</summary>
internal sealed class AlertOptionsValidator(EndpointRules endpoints) : IValidateOptions<AlertOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, AlertOptions options)
    {
        var failures = new List<string>();
        if (!string.IsNullOrEmpty(options.Url) && !endpoints.TryParse(options.Url, out _, out var error))
            failures.Add($"{AlertOptions.Section}:Url is wrong: {error}");
        CheckSecret(failures, options);
        CheckRange(failures, nameof(options.CheckInterval), options.CheckInterval, Second, TimeSpan.FromHours(1));
        CheckRange(failures, nameof(options.OldestPreparedAfter), options.OldestPreparedAfter, Second, Month);
        CheckRange(failures, nameof(options.OldestPendingAfter), options.OldestPendingAfter, Second, Month);
        CheckRange(failures, nameof(options.Timeout), options.Timeout, Second / 10, TimeSpan.FromMinutes(1));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckSecret(List<string> failures, AlertOptions options)
    {
        if (string.IsNullOrEmpty(options.Secret))
        {
            if (!string.IsNullOrEmpty(options.Url))
                failures.Add($"{AlertOptions.Section}:Secret is required with {AlertOptions.Section}:Url: '{WebhookSecret.Prefix}' and the base64 of {WebhookSecret.MinBytes} to {WebhookSecret.MaxBytes} random bytes");
        }
        else if (!WebhookSecret.TryParse(options.Secret, out _, out var reason))
        {
            failures.Add($"{AlertOptions.Section}:Secret is wrong: {reason}");
        }
    }

    private static void CheckRange(List<string> failures, string option, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max) failures.Add($"{AlertOptions.Section}:{option} '{value}' is not within {min} and {max}");
    }
}
