using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TxMsg.Client.Consuming;

/// <summary>Unhealthy when the inbox cannot be read; degraded while a subscription is not registered.</summary>
internal sealed class ConsumerHealthCheck(Consumer consumer, SubscriptionRegistrar registrar) : IHealthCheck
{
    /// <summary>The check's name.</summary>
    public const string Name = "txmsg-consumer";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ProbeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The inbox cannot be read.", e);
        }

        var problems = registrar.Problems.Select(problem => $"subscription {problem.Key}: {problem.Value}").Order(StringComparer.Ordinal).ToArray();
        return problems.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", problems));
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (consumer.Options.Connect is null) return;
        await using var connection = consumer.Options.Connect();
        await consumer.Session.OpenAsync(connection, cancellationToken).ConfigureAwait(false);
        await Inbox.ProbeAsync(connection, cancellationToken).ConfigureAwait(false);
    }
}
