using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Webhooks;

/// <summary>Registers the sender, its options and its rules.</summary>
public static class WebhooksRegistration
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <param name="services">Where to register.</param>
    /// <param name="configuration">The whole configuration; section <see cref="WebhookOptions.Section"/> is read.</param>
    /// <param name="allowLoopback">True in <c>Loopback</c> mode; see <see cref="AddressPolicy"/>.</param>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration, bool allowLoopback)
    {
        services.AddValidatedOptions<WebhookOptions>(WebhookOptions.Section, AddRules, configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
            new AddressPolicy(provider.GetRequiredService<IOptions<WebhookOptions>>().Value.AllowedNetworks, allowLoopback));
        services.AddSingleton(provider => new EndpointRules(PolicyOf(provider.GetRequiredService<UncheckedOptions<WebhookOptions>>().Read(), allowLoopback)));
        services.AddSingleton<WebhookSender>();
        return services;
    }

    // What else is configured is held to the rules of endpoints while these options are checked, too.
    private static AddressPolicy? PolicyOf(WebhookOptions options, bool allowLoopback) =>
        Array.TrueForAll(options.AllowedNetworks, IsNetwork) ? new AddressPolicy(options.AllowedNetworks, allowLoopback) : null;

    private static bool IsNetwork(string text) => NetworkList.TryParse(text, out _);

    private static void AddRules(OptionRules<WebhookOptions> rules) => rules
        .Each(options => options.AllowedNetworks, "a CIDR network such as 10.0.0.0/8, with no bits set after the prefix and no leading zeros in IPv4", IsNetwork)
        .Range(options => options.MaxConnectionsPerEndpoint, 1, 10_000)
        .Range(options => options.ConnectTimeout, Second / 10, TimeSpan.FromMinutes(1))
        .Range(options => options.ConnectionLifetime, Second, TimeSpan.FromHours(1))
        .Range(options => options.ConnectionIdleTimeout, Second, TimeSpan.FromHours(1));
}
