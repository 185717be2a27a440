using TxMsg.Contracts.Operations;
using TxMsg.Server.Access;
using TxMsg.Server.Http;
using TxMsg.Server.Observability.History;
using TxMsg.Server.OpenApi;

namespace TxMsg.Server.Observability;

/// <summary>Probes, metrics, stats.</summary>
public static class ObservabilityEndpoints
{
    // Load balancers probe with HEAD too.
    private static readonly string[] Probing = ["GET", "HEAD"];

    /// <summary>Maps them. The metrics name subscriptions, so they are for administration.</summary>
    public static void MapObservability(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operations").AllowAnyone();
        health.MapMethods("/live", Probing, (Delegate)((HttpContext context) => AnswerAsync(context, 200, HealthReport.Live)))
            .WithSummary("The process is up")
            .Produces<HealthReport>();
        health.MapMethods("/ready", Probing, async (HttpContext context, ReadinessProbe probe) =>
            {
                var report = await probe.CheckAsync();
                await AnswerAsync(context, report.IsReady ? 200 : 503, report);
            })
            .WithSummary("The store answers, the schema is up to date, the group committer writes")
            .Produces<HealthReport>().Produces<HealthReport>(503);
        routes.MapGet("/v1/stats", StatsEndpoint.HandleAsync).WithTags("Operations")
            .WithSummary("What is in the store, and how old the oldest of what waits is")
            .Produces<StatsResource>();
        routes.MapGet("/v1/stats/history", HistoryEndpoint.HandleAsync).WithTags("Operations")
            .WithSummary("What was counted in the last minutes, hours or days, over all nodes")
            .WithQuery("minutes", $"How far back: 1 to {HistoryQuery.MostMinutes}; 60 by default")
            .WithQuery("stepSeconds", $"How long a step is: a multiple of 60 that makes at most {HistoryQuery.MostPoints} points; chosen by default")
            .Produces<StatsHistory>().Produces<Problem>(400, "application/problem+json");
        routes.MapGet("/v1/overview", async (HttpContext context, OverviewReader reader) =>
                await context.JsonAsync(200, await reader.ReadAsync(context.RequestAborted), WireJson.Default.OverviewResource)).WithTags("Operations")
            .WithSummary("Stats, alerts, nodes and the oldest half message at once, at most some seconds old")
            .Produces<OverviewResource>();
        routes.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static Task AnswerAsync(HttpContext context, int status, HealthReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.JsonAsync(status, report, HealthJson.Default.HealthReport);
    }
}
