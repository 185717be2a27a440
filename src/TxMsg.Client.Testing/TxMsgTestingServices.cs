using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;
using TxMsg.Client.Testing;
using TxMsg.Contracts.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a coordinator in memory under a service's producers and consumers.</summary>
public static class TxMsgTestingServices
{
    /// <summary>Replaces the <see cref="ICoordinatorClient"/> by an <see cref="InMemoryCoordinator"/> and the clock by its <see cref="FakeTimeProvider"/>.
    /// A producer added with <c>AddTxMsgProducer</c> is registered, and its check-backs are answered by its own responder.</summary>
    /// <param name="services">The service's parts.</param>
    public static IServiceCollection AddTxMsgTesting(this IServiceCollection services)
    {
        services.TryAddSingleton(new FakeTimeProvider());
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(provider => provider.GetRequiredService<FakeTimeProvider>()));
        services.TryAddSingleton(Make);
        services.Replace(ServiceDescriptor.Singleton<ICoordinatorClient>(provider => provider.GetRequiredService<InMemoryCoordinator>()));
        return services;
    }

    private static InMemoryCoordinator Make(IServiceProvider provider)
    {
        var coordinator = new InMemoryCoordinator(provider.GetRequiredService<FakeTimeProvider>());
        if (!provider.GetServices<IConfigureOptions<ProducerOptions>>().Any()) return coordinator;
        var options = provider.GetRequiredService<IOptions<ProducerOptions>>().Value;
        coordinator.Register(options.Name, new ProducerRequest
        {
            CheckBackUrl = options.CheckBackUrl?.AbsoluteUri ?? "http://producer.test/check-back",
            CheckBackAfterSeconds = options.CheckBackAfter?.TotalSeconds,
            MaxUnknownAnswers = options.MaxUnknownAnswers,
            GiveUpAfterSeconds = options.GiveUpAfter?.TotalSeconds,
            Secret = options.Secrets[0],
        });
        coordinator.AnswerCheckBacks(options.Name, provider.GetRequiredService<CheckBackResponder>);
        return coordinator;
    }
}
