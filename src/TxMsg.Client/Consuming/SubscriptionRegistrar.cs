using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Consuming;

/// <summary>Registers the subscriptions with the coordinator, which need not be up when the application starts.</summary>
internal sealed partial class SubscriptionRegistrar(Consumer consumer, IServiceProvider services, TimeProvider time, ILogger<SubscriptionRegistrar> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, string> problems = new(StringComparer.Ordinal);

    /// <summary>Why subscriptions are not registered, by name; empty when all are.</summary>
    public IReadOnlyDictionary<string, string> Problems => problems;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wanted = consumer.Options.Subscriptions.Where(subscription => subscription.IsRegistered).ToArray();
        if (wanted.Length == 0) return;
        foreach (var subscription in wanted) problems[subscription.Name] = "not registered yet";
        var coordinator = consumer.Options.Coordinator?.Invoke(services) ?? services.GetRequiredService<ICoordinatorClient>();
        foreach (var subscription in wanted) await RegisterAsync(coordinator, subscription, stoppingToken).ConfigureAwait(false);
    }

    private async Task RegisterAsync(ICoordinatorClient coordinator, ConsumerSubscription subscription, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await coordinator.RegisterSubscriptionAsync(subscription.Name, subscription.ToRequest(consumer.Options.SecretOf(subscription)), cancellationToken).ConfigureAwait(false);
                problems.TryRemove(subscription.Name, out _);
                LogRegistered(subscription.Name);
                return;
            }
            catch (CoordinatorRefusedException e)
            {
                // It would refuse again: a person must look, and the health check says so.
                problems[subscription.Name] = e.Message;
                LogRefused(subscription.Name, e);
                return;
            }
            catch (CoordinatorUnavailableException e)
            {
                LogUnavailable(subscription.Name, pause, e);
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(7320, LogLevel.Information, "Subscription {Subscription} is registered")]
    private partial void LogRegistered(string subscription);

    [LoggerMessage(7321, LogLevel.Error, "The coordinator refuses to register subscription {Subscription}")]
    private partial void LogRefused(string subscription, Exception exception);

    [LoggerMessage(7322, LogLevel.Warning, "The coordinator did not answer; subscription {Subscription} is registered in {Pause} at the earliest")]
    private partial void LogUnavailable(string subscription, TimeSpan pause, Exception exception);
}
