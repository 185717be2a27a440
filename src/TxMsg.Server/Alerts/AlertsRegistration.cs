using Microsoft.Extensions.Options;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Alerts;

/// <summary>Tells someone when something needs a person.</summary>
public static class AlertsRegistration
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>Adds alerts; <see cref="AlertCheck.RunAsync"/> is to be run at <see cref="AlertOptions.CheckInterval"/>.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<AlertOptions>, AlertUrlValidator>();
        services.AddValidatedOptions<AlertOptions>(AlertOptions.Section, AddRules, configuration);
        return services.AddSingleton<AlertSignal>()
            .AddSingleton<ConditionReader>()
            .AddSingleton<AlertStore>()
            .AddSingleton<AlertReader>()
            .AddSingleton<AlertNotifier>()
            .AddSingleton<AlertCheck>()
            .AddHostedService<AlertSignalListener>();
    }

    internal static void AddRules(OptionRules<AlertOptions> rules) => rules
        .Must("Secret", $"'{WebhookSecret.Prefix}' and the base64 of {WebhookSecret.MinBytes} to {WebhookSecret.MaxBytes} random bytes, with TxMsg:Alerts:Url", WrongSecret)
        .Range(options => options.CheckInterval, Second, TimeSpan.FromHours(1))
        .Range(options => options.OldestPreparedAfter, Second, Month)
        .Range(options => options.OldestPendingAfter, Second, Month)
        .Range(options => options.Timeout, Second / 10, TimeSpan.FromMinutes(1));

    private static string? WrongSecret(AlertOptions options)
    {
        if (string.IsNullOrEmpty(options.Secret)) return string.IsNullOrEmpty(options.Url) ? null : "is missing";
        return WebhookSecret.TryParse(options.Secret, out _, out _) ? null : "is no secret";
    }
}
