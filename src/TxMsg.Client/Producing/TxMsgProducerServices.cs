using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a producer to a service.</summary>
public static class TxMsgProducerServices
{
    /// <summary>Adds the service's producer: <see cref="TransactionalProducer"/>, <see cref="ICoordinatorClient"/>, its barrier with the
    /// <see cref="CheckBackResponder"/> and the purge, its registration at start, and the health check <c>txmsg-coordinator</c>, which is degraded while one of the coordinator's nodes is not ready, and never unhealthy: what the service does besides goes on.</summary>
    /// <param name="services">The service's parts.</param>
    /// <param name="configure">Sets the options; they are validated at start.</param>
    /// <exception cref="InvalidOperationException">It was called before: an application has one producer. What is sent under another name is another application's,
    /// or goes through a <see cref="TransactionalProducer"/> of its own that is made by hand, with a barrier in its own database.</exception>
    public static IServiceCollection AddTxMsgProducer(this IServiceCollection services, Action<ProducerOptions> configure)
    {
        if (services.Any(service => !service.IsKeyedService && service.ImplementationType == typeof(ProducerRegistration)))
            throw new InvalidOperationException("AddTxMsgProducer was called before, and an application has one producer: the second would silently replace the first one's options.");
        services.AddOptions<ProducerOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProducerOptions>, ProducerOptionsValidator>());
        services.TryAddSingleton<ICoordinatorClient>(provider =>
            new CoordinatorClient(provider.GetRequiredService<IOptions<ProducerOptions>>().Value.ToCoordinator(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => Options.Options.Create(provider.GetRequiredService<IOptions<ProducerOptions>>().Value.ToBarrier()));
        services.AddBarrier();
        services.TryAddSingleton(provider => new TransactionalProducer(
            provider.GetRequiredService<ICoordinatorClient>(),
            provider.GetRequiredService<TransactionBarrier>(),
            provider.GetRequiredService<IOptions<ProducerOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TransactionalProducer>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProducerRegistration>());
        services.AddHealthChecks();
        services.Configure<HealthCheckServiceOptions>(AddHealthCheck);
        return services;
    }

    // A consumer in the same service asks about the same coordinator.
    private static void AddHealthCheck(HealthCheckServiceOptions checks)
    {
        if (checks.Registrations.Any(check => check.Name == CoordinatorHealthCheck.Name)) return;
        checks.Registrations.Add(new HealthCheckRegistration(
            CoordinatorHealthCheck.Name, provider => ActivatorUtilities.CreateInstance<CoordinatorHealthCheck>(provider), HealthStatus.Degraded, ["txmsg"]));
    }
}
