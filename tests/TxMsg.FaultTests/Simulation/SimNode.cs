using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Alerts;
using TxMsg.Server.Audit;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Jobs;
using TxMsg.Server.Nodes;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Retention;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.FaultTests.Simulation;

/// <summary>One life of a coordinator: composed as in production, but for HTTP, Hangfire, threads and timers, which are the world's.</summary>
internal sealed class SimNode : ICheckBackJobs, IBulkActionJobs
{
    /// <summary>The settings: as short as a simulated day allows.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private static readonly KeyValuePair<string, string?>[] Settings =
    [
        new("TxMsg:Deliveries:Lease", "00:00:20"), new("TxMsg:Deliveries:Timeout", "00:00:05"),
        new("TxMsg:CheckBacks:MinBackoff", "00:00:01"), new("TxMsg:CheckBacks:MaxBackoff", "00:00:08"), new("TxMsg:CheckBacks:Timeout", "00:00:03"),
        new("TxMsg:CheckBacks:GiveUpAfter", "00:20:00"), new("TxMsg:CheckBacks:MaxUnknownAnswers", "4"),
        new("TxMsg:Retention:RolledBackAfter", "02:00:00"), new("TxMsg:Retention:DeliveredAfter", "04:00:00"),
    ];

    private readonly ServiceProvider services;
    private readonly Queue<Func<CheckBackJobs, Task>> jobs = new();
    private int jobsUnderWay;

    public SimNode(int number, int life, NodeThread thread, SimStore store, TimeProvider time, HttpMessageHandler network, Random random, Recorder recorder)
    {
        (Number, Life, Thread, Store) = (number, life, thread, store);
        services = Compose(store, time, network, random, thread, recorder).BuildServiceProvider();
        Committer = Get<GroupCommitter>();
        Outlets = Get<OutletDirectory>();
    }

    public int Number { get; }

    /// <summary>How often it had begun before.</summary>
    public int Life { get; }

    public NodeThread Thread { get; }

    public SimStore Store { get; }

    public GroupCommitter Committer { get; }

    public OutletDirectory Outlets { get; }

    public bool IsAlive => !Thread.IsDead;

    public bool IsSuspended { get; set; }

    /// <summary>Set while the committer is about to write.</summary>
    public bool IsWriting { get; set; }

    /// <summary>How often it has written.</summary>
    public int Flushes { get; set; }

    /// <summary>Set once it may be called.</summary>
    public bool IsReady { get; set; }

    /// <summary>Set while it stops in good order.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Set while its dispatcher looks for due deliveries.</summary>
    public bool IsLooking { get; set; }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>As <c>StoreStartup</c> does, without the thread.</summary>
    public async Task StartAsync(TimeProvider time)
    {
        if (!Store.IsShared) await Store.WriteAsync(connection => TxMsg.Server.Hosting.StoreStartup.ReleaseAllAsync(connection, time.GetUtcNow()));
        await Get<RegistryCache>().RefreshAsync(CancellationToken.None);
    }

    /// <summary>Starts the jobs that were enqueued.</summary>
    public void StartJobs()
    {
        while (jobs.TryDequeue(out var job)) _ = Thread.Run(() => RunAsync(job));
    }

    /// <summary>A process that is asked to end waits for them, and for what was asked by hand.</summary>
    public int JobsUnderWay => jobsUnderWay + Get<QuestionsByHand>().Count;

    private async Task RunAsync(Func<CheckBackJobs, Task> job)
    {
        jobsUnderWay++;
        try
        {
            await job(Get<CheckBackJobs>());
        }
        finally
        {
            jobsUnderWay--;
        }
    }

    void ICheckBackJobs.Enqueue(long producerId, long token) => jobs.Enqueue(all => all.CheckBackProducerAsync(producerId, token, CancellationToken.None));

    void IBulkActionJobs.Enqueue(long seq, long token, string title) => throw new NotSupportedException("No history has bulk actions.");

    private IServiceCollection Compose(SimStore store, TimeProvider time, HttpMessageHandler network, Random random, NodeThread thread, Recorder recorder)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        return new ServiceCollection().AddLogging(logging => logging.AddProvider(new SimLog(recorder)))
            .AddSingleton<IConfiguration>(configuration).AddSingleton(time).AddSingleton(random).AddSingleton<TaskScheduler>(thread)
            .AddSingleton<ISecretProtector, PlainProtector>().AddStorage().AddSingleton<StoreDatabase>(store)
            .AddRegistry().AddAudit().AddSingleton<ApiKeyAdministration>().AddWebhooks(configuration, allowLoopback: true)
            .AddProducers().AddSubscriptions().AddCheckBacks().AddTransactions().AddDeliveries().AddDeadLetters().AddRetention().AddNodes().AddBulkActions()
            .AddAlerts(configuration).AddSingleton<IServer, NoServer>()
            .AddSingleton(new WebhookSender(network, time))
            .AddSingleton<WriteStep, NoticeStep>()
            .AddSingleton<ICheckBackJobs>(this).AddSingleton<IBulkActionJobs>(this).AddSingleton<CheckBackWorkers>().AddSingleton<CheckBackJobs>().AddSingleton<RecurringJobs>();
    }

    /// <summary>Nothing to write: what waits for company need not wait for the time that is not the world's.</summary>
    internal sealed class Notice : WriteOperation<bool>;

    private sealed class NoticeStep : WriteStep<Notice>
    {
        protected override void Apply(WriteSession session, IReadOnlyList<Notice> operations)
        {
        }
    }
}
