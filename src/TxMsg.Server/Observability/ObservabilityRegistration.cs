using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Observability.History;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Observability;

/// <summary>Metrics, traces, health.</summary>
public static class ObservabilityRegistration
{
    // ASP.NET Core makes an activity and a log scope for every request while this category is on, also when nobody looks at them.
    private const string RequestLog = "Microsoft.AspNetCore.Hosting.Diagnostics";

    // Past its own limit of 2,000 the SDK would leave subscriptions out, without a word, and one that is deleted may keep its place until a restart.
    private const int MostSubscriptions = 20_000;

    /// <summary>Adds metrics for Prometheus, and metrics and traces by OTLP where the standard variables name an endpoint.</summary>
    public static IServiceCollection AddObservability(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<StatsReader>()
            .AddSingleton<StatsCache>()
            .AddSingleton<HistoryReader>()
            .AddSingleton<OverviewReader>()
            .AddSingleton<StatsGauges>()
            .AddHostedService<StatsSampler>()
            .AddSingleton<ReadinessProbe>()
            .AddSingleton<WriteStep, ProbeStep>();
        if (configuration[$"Logging:LogLevel:{RequestLog}"] is null)
            services.AddLogging(logging => logging.AddFilter(RequestLog, LogLevel.None));
        var otlp = new OtlpSettings(configuration);
        services.AddSingleton<IValidateOptions<ForeignConfiguration>>(otlp);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(otlp.ServiceName))
            .WithMetrics(metrics => AddMetrics(metrics, otlp));
        if (otlp.ExportsTraces) telemetry.WithTracing(traces => AddTraces(traces, otlp));
        return services;
    }

    private static void AddMetrics(MeterProviderBuilder metrics, OtlpSettings otlp)
    {
        metrics.AddMeter(CoordinatorMetrics.MeterName);
        metrics.AddView("txmsg_subscription_*", new MetricStreamConfiguration { CardinalityLimit = MostSubscriptions });
        metrics.AddPrometheusExporter(options =>
        {
            // Every name begins with txmsg_.
            options.TargetInfoEnabled = false;
            options.ScopeInfoEnabled = false;
        });
        if (otlp.ExportsMetrics) metrics.AddOtlpExporter(otlp.DirectMetrics);
    }

    private static void AddTraces(TracerProviderBuilder traces, OtlpSettings otlp) => traces
        .AddSource(Tracing.SourceName)
        .AddAspNetCoreInstrumentation(options => options.Filter = context => context.Request.Path.StartsWithSegments("/v1"))
        .AddOtlpExporter(otlp.DirectTraces);
}
