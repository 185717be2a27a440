using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TxMsg.Client.Coordinator;

/// <summary>Asks the nodes of the coordinator whether they are ready. One that is not degrades; none that is fails.</summary>
internal sealed class CoordinatorHealthCheck(ICoordinatorClient coordinator) : IHealthCheck
{
    /// <summary>What the check is called.</summary>
    public const string Name = "txmsg-coordinator";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Another implementation, of a test, has no nodes.
        if (coordinator is not CoordinatorClient client) return HealthCheckResult.Healthy();
        var nodes = await client.ProbeAsync(cancellationToken).ConfigureAwait(false);
        var wrong = nodes.Where(node => node.Value is not null).Select(node => $"{node.Key} {node.Value}").ToArray();
        if (wrong.Length == 0) return HealthCheckResult.Healthy();
        var status = wrong.Length < nodes.Length ? HealthStatus.Degraded : context.Registration.FailureStatus;
        return new HealthCheckResult(status, string.Join("; ", wrong));
    }
}
