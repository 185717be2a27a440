using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace TxMsg.Server.Webhooks;

/// <summary>Registers the sender, its options and its rules.</summary>
public static class WebhooksRegistration
{
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">The whole configuration; section <see cref="WebhookOptions.Section"/> is read.</param>
    /// <param name="allowLoopback">True in <c>Loopback</c> mode; see <see cref="AddressPolicy"/>.</param>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration, bool allowLoopback)
    {
        var section = WithListFromOneValue(configuration.GetSection(WebhookOptions.Section));
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddOptions<WebhookOptions>()
            .Bind(section, binder => binder.ErrorOnUnknownConfiguration = true) // a list under a misspelt name would allow everything public
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
            new AddressPolicy(provider.GetRequiredService<IOptions<WebhookOptions>>().Value.AllowedNetworks, allowLoopback));
        services.AddSingleton<EndpointRules>();
        services.AddSingleton<WebhookSender>();
        return services;
    }

    // AllowedNetworks may also be one value ("10.0.0.0/8, fd12::/48"), as it is handy in an environment variable
    private static IConfigurationSection WithListFromOneValue(IConfigurationSection section)
    {
        var networks = section.GetSection(nameof(WebhookOptions.AllowedNetworks));
        if (networks.Value is not { } list)
        {
            return section;
        }

        var items = list.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select((item, i) => KeyValuePair.Create($"{networks.Path}:{i}", (string?)item));
        var others = section.AsEnumerable().Where(pair => !pair.Key.StartsWith(networks.Path, StringComparison.OrdinalIgnoreCase));
        return new ConfigurationBuilder().AddInMemoryCollection([.. others, .. items]).Build().GetSection(section.Path);
    }
}
