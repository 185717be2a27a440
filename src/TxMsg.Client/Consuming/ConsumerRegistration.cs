using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TxMsg.Client.Consuming;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes an application a consumer.</summary>
public static class ConsumerRegistration
{
    /// <summary>Adds the <see cref="Consumer"/>, its options checked at start, the inbox's purge, the registration of its subscriptions
    /// and the health check <c>txmsg-consumer</c>. Called again, it is still one consumer, and <paramref name="configure"/> is given the same options: add to the
    /// lists in them, as a list that is set anew replaces what was there.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddTxMsgConsumer(this IServiceCollection services, Action<ConsumerOptions> configure)
    {
        services.AddOptions<ConsumerOptions>().Configure(configure).ValidateOnStart();
        if (services.Any(service => service.ServiceType == typeof(Consumer))) return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ConsumerOptions>>(provider => new ConsumerOptionsValidator(provider.GetService<IServiceProviderIsService>()));
        services.AddSingleton(provider => new Consumer(
            provider.GetRequiredService<IOptions<ConsumerOptions>>().Value, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Consumer>>()));
        services.AddSingleton<SubscriptionRegistrar>();
        services.AddHostedService(provider => provider.GetRequiredService<SubscriptionRegistrar>());
        services.AddHostedService<InboxPurger>();
        services.AddHealthChecks().AddCheck<ConsumerHealthCheck>(ConsumerHealthCheck.Name, HealthStatus.Unhealthy, ["txmsg"]);
        return services;
    }
}
