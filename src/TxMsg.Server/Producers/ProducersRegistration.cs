namespace TxMsg.Server.Producers;

/// <summary>Applications that send messages.</summary>
public static class ProducersRegistration
{
    /// <summary>Adds producers.</summary>
    public static IServiceCollection AddProducers(this IServiceCollection services) => services
        .AddSingleton<ProducerRules>()
        .AddSingleton<ProducerAdministration>();
}
