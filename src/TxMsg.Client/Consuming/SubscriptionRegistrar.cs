using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Consuming;

/// <summary>Registers the subscriptions with the coordinator, each again and again until it is taken. The application runs meanwhile: it may be up before the coordinator is.</summary>
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
        // Side by side: one that is refused does not hold up the others.
        await Task.WhenAll(wanted.Select(subscription => RegisterAsync(coordinator, subscription, stoppingToken))).ConfigureAwait(false);
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
                // A person must look, and the health check says so. It is tried again all the same: what is missing may be a key or an allowed network on the other side.
                problems[subscription.Name] = e.Message;
                LogRefused(subscription.Name, pause, e);
            }
            catch (CoordinatorUnavailableException e)
            {
                LogUnavailable(subscription.Name, pause, e);
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(7320, LogLevel.Information, "Subscription {Subscription} is registered")]
    private partial void LogRegistered(string subscription);

    [LoggerMessage(7321, LogLevel.Error, "The coordinator refuses to register subscription {Subscription}; it is tried again in {Pause}")]
    private partial void LogRefused(string subscription, TimeSpan pause, Exception exception);

    [LoggerMessage(7322, LogLevel.Warning, "The coordinator did not answer; subscription {Subscription} is registered in {Pause} at the earliest")]
    private partial void LogUnavailable(string subscription, TimeSpan pause, Exception exception);
}
