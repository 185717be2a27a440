using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Hosting.Declarations;

namespace TxMsg.Server.Hosting;

/// <summary>What happens before the server listens, in this order: the store is made ready, what would hurt is slowed down, then what is declared is made.</summary>
public static class HostingRegistration
{
    /// <summary>Adds the start of the server.</summary>
    public static IServiceCollection AddStartup(this IServiceCollection services)
    {
        services.AddSingleton<StoreStartup>().AddHostedService(provider => provider.GetRequiredService<StoreStartup>());
        services.AddValidatedOptions<DeclarationOptions>(DeclarationOptions.Section);
        services.AddSingleton<IValidateOptions<DeclarationOptions>, DeclarationValidator>();
        services.AddHostedService<AcceptPause>();
        return services.AddHostedService<Declarations.Declarations>();
    }
}
