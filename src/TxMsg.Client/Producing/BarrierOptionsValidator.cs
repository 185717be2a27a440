using Microsoft.Extensions.Options;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Producing;

/// <summary>Names every wrong value at start.</summary>
internal sealed class BarrierOptionsValidator : IValidateOptions<BarrierOptions>
{
    public ValidateOptionsResult Validate(string? name, BarrierOptions options)
    {
        var wrong = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Producer)) wrong.Add($"{nameof(options.Producer)} is missing.");
        if (options.Connect is null) wrong.Add($"{nameof(options.Connect)} is missing.");
        if (options.Secrets.Count == 0) wrong.Add($"{nameof(options.Secrets)} is empty.");
        for (var i = 0; i < options.Secrets.Count; i++)
            if (!WebhookSecret.TryParse(options.Secrets[i], out _, out var reason)) wrong.Add($"{nameof(options.Secrets)}[{i}]: {reason}");
        Check(nameof(options.Tolerance), options.Tolerance, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check(nameof(options.Wait), options.Wait, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Check(nameof(options.RetainFor), options.RetainFor, TimeSpan.FromDays(2), TimeSpan.FromDays(3650));
        Check(nameof(options.PurgeInterval), options.PurgeInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Check(string option, TimeSpan value, TimeSpan min, TimeSpan max)
        {
            if (value < min || value > max) wrong.Add($"{option} is {value}; it must be {min} to {max}.");
        }
    }
}
