using System.Net;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Console;

namespace TxMsg.Samples.Shop.Processes;

/// <summary>What every service of the shop has: a port on loopback, a health endpoint, and a way to be made to crash.</summary>
internal static class ServiceHost
{
    public const string HealthPath = "/health";

    private const int MinThreads = 32;

    public static WebApplicationBuilder CreateBuilder(RoleOptions role)
    {
        // SQLite blocks the thread that waits for it; a pool that starts with one thread a core would grow too slowly for the orders that come at once.
        ThreadPool.SetMinThreads(MinThreads, MinThreads);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, role.Port));
        builder.Logging.ClearProviders().AddSimpleConsole(console => (console.SingleLine, console.ColorBehavior) = (true, LoggerColorBehavior.Disabled));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("TxMsg", LogLevel.Information);
        builder.Services.AddSingleton<CrashPoint>();
        return builder;
    }

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        // Degraded: a consumer whose subscription is not registered yet, a producer without a coordinator. Not ready for the show.
        var health = new HealthCheckOptions();
        health.ResultStatusCodes[HealthStatus.Degraded] = 503;
        app.MapHealthChecks(HealthPath, health);
        app.MapPost("/crash/{point}", (string point, CrashPoint crash) => crash.Arm(point));
        return app;
    }

    public static async Task<int> RunAsync(WebApplication app, CancellationToken stop)
    {
        await using (app) await app.RunAsync(stop);
        return 0;
    }
}
