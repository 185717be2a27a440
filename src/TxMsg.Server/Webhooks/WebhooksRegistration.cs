using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Webhooks;

/// <summary>Registers the sender, its options and its rules.</summary>
public static class WebhooksRegistration
{
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">The whole configuration; section <see cref="WebhookOptions.Section"/> is read.</param>
    /// <param name="allowLoopback">True in <c>Loopback</c> mode; see <see cref="AddressPolicy"/>.</param>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration, bool allowLoopback)
    {
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddValidatedOptions<WebhookOptions>(WebhookOptions.Section, configuration: configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
            new AddressPolicy(provider.GetRequiredService<IOptions<WebhookOptions>>().Value.AllowedNetworks, allowLoopback));
        services.AddSingleton<EndpointRules>();
        services.AddSingleton<WebhookSender>();
        return services;
    }
}
