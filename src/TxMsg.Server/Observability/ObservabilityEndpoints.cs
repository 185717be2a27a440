using TxMsg.Contracts.Operations;
using TxMsg.Server.Access;
using TxMsg.Server.Http;

namespace TxMsg.Server.Observability;

/// <summary>Probes, metrics, stats.</summary>
public static class ObservabilityEndpoints
{
    /// <summary>Maps them. The metrics name subscriptions, so they are for administration.</summary>
    public static void MapObservability(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operations").AllowAnyone();
        health.MapGet("/live", (Delegate)((HttpContext context) => AnswerAsync(context, 200, HealthReport.Live)))
            .WithSummary("The process is up")
            .Produces<HealthReport>();
        health.MapGet("/ready", async (HttpContext context, ReadinessProbe probe) =>
            {
                var report = await probe.CheckAsync();
                await AnswerAsync(context, report.IsReady ? 200 : 503, report);
            })
            .WithSummary("The store answers, the schema is up to date, the group committer writes")
            .Produces<HealthReport>().Produces<HealthReport>(503);
        routes.MapGet("/v1/stats", StatsEndpoint.HandleAsync).WithTags("Operations")
            .WithSummary("What is in the store, and how old the oldest of what waits is; at most a second old, or with Cache-Control: no-cache read anew")
            .Produces<StatsResource>();
        routes.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static Task AnswerAsync(HttpContext context, int status, HealthReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.JsonAsync(status, report, HealthJson.Default.HealthReport);
    }
}
