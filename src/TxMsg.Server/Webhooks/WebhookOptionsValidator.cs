using Microsoft.Extensions.Options;

namespace TxMsg.Server.Webhooks;

/// <summary>Names every value of <see cref="WebhookOptions"/> that is wrong, when the server starts.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var failures = new List<string>();
        for (var i = 0; i < options.AllowedNetworks.Length; i++)
        {
            if (!NetworkList.TryParse(options.AllowedNetworks[i], out _))
            {
                failures.Add($"{WebhookOptions.Section}:{nameof(options.AllowedNetworks)}:{i} '{options.AllowedNetworks[i]}' is not a CIDR network "
                    + "(an address, a slash and the length of its prefix, with no bits set after the prefix)");
            }
        }

        CheckRange(failures, nameof(options.MaxConnectionsPerEndpoint), options.MaxConnectionsPerEndpoint, 1, 10_000);
        CheckRange(failures, nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromSeconds(0.1), TimeSpan.FromMinutes(1));
        CheckRange(failures, nameof(options.ConnectionLifetime), options.ConnectionLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        CheckRange(failures, nameof(options.ConnectionIdleTimeout), options.ConnectionIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckRange<T>(List<string> failures, string option, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            failures.Add($"{WebhookOptions.Section}:{option} '{value}' is not within {min} and {max}");
        }
    }
}
