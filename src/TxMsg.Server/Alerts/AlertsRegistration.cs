using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Alerts;

/// <summary>Tells someone when something needs a person.</summary>
public static class AlertsRegistration
{
    /// <summary>Adds alerts; <see cref="AlertCheck.RunAsync"/> is to be run at <see cref="AlertOptions.CheckInterval"/>.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<AlertOptions>, AlertOptionsValidator>();
        services.AddValidatedOptions<AlertOptions>(AlertOptions.Section, configuration: configuration);
        return services.AddSingleton<AlertSignal>()
            .AddSingleton<ConditionReader>()
            .AddSingleton<AlertStore>()
            .AddSingleton<AlertNotifier>()
            .AddSingleton<AlertCheck>()
            .AddHostedService<AlertSignalListener>();
    }
}
