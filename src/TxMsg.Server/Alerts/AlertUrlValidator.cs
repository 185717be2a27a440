using Microsoft.Extensions.Options;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Alerts;

/// <summary>Checks when the server starts that the receiver of alerts may be called at all: the rules of every webhook.</summary>
internal sealed class AlertUrlValidator(EndpointRules endpoints) : IValidateOptions<AlertOptions>
{
    public ValidateOptionsResult Validate(string? name, AlertOptions options) =>
        string.IsNullOrEmpty(options.Url) || endpoints.TryParse(options.Url, out _, out var error)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{AlertOptions.Section}:Url is wrong: {error}");
}
