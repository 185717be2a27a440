using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

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
        services.AddHostedService<LocalMessageRelay>();
        return services;
    }
}
