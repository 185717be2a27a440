using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Deliveries;

/// <summary>Lease, send, record attempts, retry.</summary>
public static class DeliveriesRegistration
{
    /// <summary>Adds delivery.</summary>
    public static IServiceCollection AddDeliveries(this IServiceCollection services) => services
        .AddSingleton<OrderingLanes>()
        .AddSingleton<FanOut>()
        .AddSingleton<WriteStep, DeliveryResultStep>()
        .AddSingleton<WriteStep, ClaimStep>()
        .AddSingleton<WriteStep, RenewalStep>()
        .AddSingleton<ContentReader>()
        .AddSingleton<DeliverySender>()
        .AddSingleton<DeliveryWorker>()
        .AddSingleton(provider => new Lazy<IDeliveryWorker>(provider.GetRequiredService<DeliveryWorker>))
        .AddSingleton<OutletDirectory>()
        .AddSingleton<LeaseKeeper>()
        .AddSingleton<ExpiredLeaseSweeper>()
        .AddSingleton<DeliveryDispatcher>()
        .AddHostedService(provider => provider.GetRequiredService<DeliveryDispatcher>());
}
