using Microsoft.Extensions.Options;

namespace TxMsg.Server.Hosting.Configuration;

/// <summary>Options that are read and checked when the server starts.</summary>
public static class ValidatedOptionsRegistration
{
    /// <summary>Adds options of a section with their rules.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="section">Where they stand: <c>TxMsg:Deliveries</c>.</param>
    /// <param name="declare">Declares the rules, a line each.</param>
    /// <param name="configuration">Where to read; by default the application's configuration.</param>
    public static IServiceCollection AddValidatedOptions<T>(
        this IServiceCollection services, string section, Action<OptionRules<T>>? declare = null, IConfiguration? configuration = null)
        where T : class, new()
    {
        var rules = new OptionRules<T>(section);
        declare?.Invoke(rules);
        services.AddSingleton(new OptionsSection(section, typeof(T), rules.RuleOf));
        services.AddSingleton(provider => new ConfiguredOptions<T>(
            configuration ?? provider.GetRequiredService<IConfiguration>(), section, rules, provider.GetServices<OptionsSection>()));
        services.AddSingleton<IConfigureOptions<T>>(provider => provider.GetRequiredService<ConfiguredOptions<T>>());
        services.AddSingleton<IValidateOptions<T>>(provider => provider.GetRequiredService<ConfiguredOptions<T>>());
        services.AddSingleton<UncheckedOptions<T>>();
        services.AddOptions<T>().ValidateOnStart();
        return services;
    }
}
