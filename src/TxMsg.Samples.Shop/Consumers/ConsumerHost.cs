using TxMsg.Client.Consuming;
using TxMsg.Client.Coordinator;
using TxMsg.Samples.Shop.Processes;

namespace TxMsg.Samples.Shop.Consumers;

/// <summary>What the three consumers have in common: a subscription of their own name, registered at start.</summary>
internal static class ConsumerHost
{
    public const string Path = "/deliveries";

    public static WebApplicationBuilder CreateBuilder(RoleOptions role, ServiceDatabase database, string topic)
    {
        var builder = ServiceHost.CreateBuilder(role);
        builder.Services.AddSingleton<ICoordinatorClient>(new CoordinatorClient(new CoordinatorOptions { Addresses = [role.Coordinator] }, TimeProvider.System));
        builder.Services.AddTxMsgConsumer(options =>
        {
            options.Connect = database.Connect;
            options.Secrets.Add(role.Secret);
            options.Subscriptions.Add(new ConsumerSubscription(role.Name)
            {
                Topic = topic,
                Endpoint = new Uri(role.Address, Path).AbsoluteUri,
                Timeout = TimeSpan.FromSeconds(3),
                // The last of them many times: a service that is being restarted is no reason for a dead letter.
                RetrySchedule = [.. Enumerable.Range(1, role.Attempts - 1).Select(attempt => TimeSpan.FromSeconds(attempt == 1 ? 0.2 : 0.5))],
            });
        });
        builder.Services.AddHostedService<DuplicateTeller>();
        return builder;
    }

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = ServiceHost.Build(builder);
        var crash = app.Services.GetRequiredService<CrashPoint>();
        app.UseWhen(context => context.Request.Path == Path, branch => branch.Use(async (context, next) =>
        {
            await next();
            // Handled and committed, and the coordinator will never hear of it.
            crash.Reach(CrashPoint.AfterCommit);
        }));
        return app;
    }
}
