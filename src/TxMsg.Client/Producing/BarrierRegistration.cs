using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TxMsg.Client.Producing;

internal static class BarrierRegistration
{
    /// <summary>The barrier, its check-back responder and its purge; the valid <see cref="BarrierOptions"/> are the caller's to give.</summary>
    public static IServiceCollection AddBarrier(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TransactionBarrier>();
        services.TryAddSingleton(provider => new CheckBackResponder(
            provider.GetRequiredService<TransactionBarrier>(),
            provider.GetRequiredService<IOptions<BarrierOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CheckBackResponder>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BarrierPurgeService>());
        return services;
    }
}
