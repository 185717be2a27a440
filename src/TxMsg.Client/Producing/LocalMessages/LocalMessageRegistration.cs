using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>The services of the local message table. <see cref="LocalMessageOptions"/> are the caller's to configure, its connection and producer too;
/// so is the registration of the coordinator's client.</summary>
internal static class LocalMessageRegistration
{
    public static IServiceCollection AddLocalMessages(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LocalMessageOptions>, LocalMessageOptionsValidator>());
        services.AddOptions<LocalMessageOptions>().ValidateOnStart();
        services.TryAddSingleton<LocalMessageTable>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<LocalMessageRelay>(
            provider,
            provider.GetService<ICoordinatorClient>() ?? throw new InvalidOperationException(
                "The local messages have no coordinator to go to: call services.AddTxMsgProducer(...), too.")));
        return services;
    }
}
