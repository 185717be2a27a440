using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Server.Deliveries;

/// <summary>Lease, send, record attempts, retry.</summary>
public static class DeliveriesRegistration
{
    /// <summary>Adds delivery.</summary>
    public static IServiceCollection AddDeliveries(this IServiceCollection services) => services
        .AddValidatedOptions<DeliveryOptions>(DeliveryOptions.Section, rules => rules
            .Each(options => options.RetryScheduleSeconds, SubscriptionRules.MaxRetries, 0, SubscriptionRules.MaxRetryDelaySeconds)
            .Range(options => options.Timeout, TimeSpan.FromMilliseconds(100), DeliveryOptions.MaxTimeout)
            .Range(options => options.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
            .Range(options => options.MaxConcurrencyPerSubscription, 1, 1_000))
        .AddSingleton<OrderingLanes>()
        .AddSingleton<FanOut>()
        .AddSingleton<WriteStep, DeliveryResultStep>()
        .AddSingleton<WriteStep, ClaimStep>()
        .AddSingleton<WriteStep, RenewalStep>()
        .AddSingleton<ContentReader>()
        .AddSingleton<DeliverySender>()
        .AddSingleton<TestDelivery>()
        .AddSingleton<DeliveryWorker>()
        .AddSingleton(provider => new Lazy<IDeliveryWorker>(provider.GetRequiredService<DeliveryWorker>))
        .AddSingleton<OutletDirectory>()
        .AddSingleton<LeaseKeeper>()
        .AddSingleton<ExpiredLeaseSweeper>()
        .AddSingleton<DeliveryDispatcher>()
        // Stopped in the reverse order: what is finished at a stop keeps its lease.
        .AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>())
        .AddHostedService(provider => provider.GetRequiredService<DeliveryDispatcher>());
}
