using System.Globalization;
using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Access.SignIn;
using TxMsg.Server.Alerts;
using TxMsg.Server.Audit;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Dashboard;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Hosting;
using TxMsg.Server.Http;
using TxMsg.Server.Jobs;
using TxMsg.Server.Nodes;
using TxMsg.Server.Observability;
using TxMsg.Server.OpenApi;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Retention;
using TxMsg.Server.Storage;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server;

/// <summary>The features, one a line.</summary>
public sealed class Program
{
    private Program()
    {
    }

    /// <summary>Runs the server; returns the exit code.</summary>
    public static Task<int> Main(string[] args)
    {
        // SqlClient refuses the globalization-invariant mode; nothing here is to depend on a machine's culture all the same.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        return ServerHost.RunAsync(args, AddFeatures, MapFeatures);
    }

    internal static void AddFeatures(WebApplicationBuilder builder)
    {
        builder.Services.AddStartup();
        builder.Services.AddStorage();
        builder.Services.AddRegistry();
        builder.Services.AddAccess();
        builder.Services.AddAudit();
        builder.Services.AddWebhooks(builder.Configuration, allowLoopback: builder.Configuration.IsLoopbackMode());
        builder.Services.AddProducers();
        builder.Services.AddSubscriptions();
        builder.Services.AddCheckBacks();
        builder.Services.AddTransactions();
        builder.Services.AddDeliveries();
        builder.Services.AddDeadLetters();
        builder.Services.AddRetention();
        builder.Services.AddNodes();
        builder.Services.AddJobs();
        builder.Services.AddDashboard();
        builder.Services.AddAlerts(builder.Configuration);
        builder.Services.AddObservability(builder.Configuration);
        builder.Services.AddApiDescription();
    }

    internal static void MapFeatures(WebApplication app)
    {
        app.UseAnswers();
        app.UseAccess();
        app.MapProducers();
        app.MapKeys();
        app.MapSubscriptions();
        app.MapTransactions();
        app.MapMessages();
        app.MapCheckBacks();
        app.MapDeadLetters();
        app.MapSignIn();
        app.MapDashboard();
        app.MapObservability();
        app.MapNodes();
        app.MapAlerts();
        app.MapAudit();
        app.MapApiDescription();
    }
}
