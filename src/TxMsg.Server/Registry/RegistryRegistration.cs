namespace TxMsg.Server.Registry;

/// <summary>Producers, subscriptions and keys, as every node has them in memory.</summary>
public static class RegistryRegistration
{
    /// <summary>Adds the registry.</summary>
    public static IServiceCollection AddRegistry(this IServiceCollection services) => services
        .AddSingleton<RegistryCache>()
        .AddHostedService<RegistryRefresher>()
        .AddSingleton<SigningEntries<ProducerRow>>()
        .AddSingleton<SigningEntries<SubscriptionRow>>();
}
