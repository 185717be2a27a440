namespace TxMsg.Server.Subscriptions;

/// <summary>Which consumer receives which topic, where and how.</summary>
public static class SubscriptionsRegistration
{
    /// <summary>Adds subscriptions.</summary>
    public static IServiceCollection AddSubscriptions(this IServiceCollection services) => services
        .AddSingleton<SubscriptionRules>()
        .AddSingleton<SubscriptionPauser>()
        .AddSingleton<SubscriptionAdministration>();
}
