using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Alerts;
using TxMsg.Server.Audit;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Nodes;
using TxMsg.Server.Observability;
using TxMsg.Server.Observability.History;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Retention;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Storage.Migrations;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;
using TxMsg.Server.Undecided;
using TxMsg.Server.Webhooks;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>A coordinator without HTTP, timers and sockets: the real store, committer, steps and services.</summary>
public sealed class Node : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public Node(StoreDatabase database, TimeProvider time, bool holds = false)
    {
        Database = database;
        services = Register(database, time).BuildServiceProvider();
        if (!holds) Get<OutletDirectory>().Close();
    }

    public StoreDatabase Database { get; }

    public GroupCommitter Committer => Get<GroupCommitter>();

    public RegistryCache Registry => Get<RegistryCache>();

    internal HoldingWorker Worker => Get<HoldingWorker>();

    internal GateStep Gate => Get<GateStep>();

    internal FaultStep Fault => Get<FaultStep>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>The first one: makes the database.</summary>
    public async Task StartAsync()
    {
        await Database.InitializeAsync(CancellationToken.None);
        await Get<SchemaMigrator>().MigrateAsync(CancellationToken.None);
        await JoinAsync();
    }

    /// <summary>A further one.</summary>
    public async Task JoinAsync()
    {
        await Registry.RefreshAsync(CancellationToken.None);
        Committer.Start();
    }

    /// <summary>Writes all of them in one transaction, in this order.</summary>
    internal async Task WriteTogetherAsync(params WriteOperation[] operations)
    {
        var writing = new List<Task>();
        await Gate.HoldAsync(Committer, () => writing.AddRange(operations.Select(Add)));
        await Task.WhenAll(writing);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(Committer.Stop);
        await services.DisposeAsync();
    }

    private Task Add(WriteOperation operation) => operation switch
    {
        PrepareOperation prepare => Committer.WriteAsync(prepare),
        VerdictOperation verdict => Committer.WriteAsync(verdict),
        DeliveryResult result => Committer.WriteAsync(result),
        ClaimOperation claim => Committer.WriteAsync(claim),
        RenewalOperation renewal => Committer.WriteAsync(renewal),
        DeadLetterOperation deadLetter => Committer.WriteAsync(deadLetter),
        CheckBackRecord record => Committer.WriteAsync(record),
        RedeliveryOperation redelivery => Committer.WriteAsync(redelivery),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private static IServiceCollection Register(StoreDatabase database, TimeProvider time)
    {
        var configuration = new ConfigurationBuilder().Build();
        return new ServiceCollection().AddLogging().AddOptions()
            .AddSingleton<IConfiguration>(configuration).AddSingleton(time).AddSingleton(database).AddSingleton<SchemaMigrator>().AddSingleton<GroupCommitter>()
            .AddRegistry().AddAudit().AddSingleton<ISecretProtector, PlainProtector>().AddSingleton<ApiKeyAdministration>()
            .AddWebhooks(configuration, allowLoopback: true)
            .AddProducers().AddSubscriptions().AddCheckBacks().AddTransactions().AddDeliveries().AddDeadLetters().AddRetention().AddNodes()
            .AddUndecided().AddBulkActions().AddSingleton<RecordedBulkJobs>().AddSingleton<IBulkActionJobs>(provider => provider.GetRequiredService<RecordedBulkJobs>())
            .AddAlerts(configuration)
            .AddSingleton<StatsReader>().AddSingleton<StatsCache>().AddSingleton<HistoryReader>().AddSingleton<OverviewReader>().AddSingleton<ICheckBackJobs, NoCheckBackJobs>()
            .AddSingleton<HoldingWorker>()
            .AddSingleton(provider => new Lazy<IDeliveryWorker>(provider.GetRequiredService<HoldingWorker>))
            .AddSingleton<GateStep>().AddSingleton<WriteStep>(provider => provider.GetRequiredService<GateStep>())
            .AddSingleton<FaultStep>().AddSingleton<WriteStep>(provider => provider.GetRequiredService<FaultStep>());
    }

    private sealed class NoCheckBackJobs : ICheckBackJobs
    {
        public void Enqueue(long producerId, long token)
        {
        }
    }
}
