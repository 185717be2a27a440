using Hangfire;
using Hangfire.InMemory;
using Hangfire.Server;
using Hangfire.SqlServer;
using Microsoft.Extensions.Options;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Hosting.Configuration;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Jobs;

/// <summary>The Hangfire schedule.</summary>
public static class JobsRegistration
{
    /// <summary>Adds Hangfire with its storage, its workers and the schedule.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddValidatedOptions<JobsOptions>(JobsOptions.Section);
        services.AddOptions<JobsOptions>().Validate<UncheckedOptions<StoreOptions>>(
            (jobs, store) => jobs.Storage != JobsStorage.SqlServer || store.Read().Provider == StoreProvider.SqlServer,
            "TxMsg:Jobs:Storage is SqlServer; that needs TxMsg:Store:Provider=SqlServer.");
        services.AddSingleton<CheckBackWorkers>().AddHostedService(provider => provider.GetRequiredService<CheckBackWorkers>());
        services.AddSingleton<CheckBackJobs>().AddSingleton<RecurringJobs>().AddSingleton<ICheckBackJobs, HangfireCheckBackJobs>();
        services.AddSingleton<BulkActionJobs>().AddSingleton<IBulkActionJobs, HangfireBulkActionJobs>();
        services.AddHangfire((provider, hangfire) => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UseFilter(new JobRetentionFilter())
            .UseFilter(new AutomaticRetryAttribute { Attempts = 0 })
            .UseStorage(OpenStorage(provider)));
        services.AddHostedService<JobSchedule>();
        services.AddSingleton<IBackgroundProcess, SteadyJobScheduler>();
        services.AddHangfireServer((provider, options) => Configure(options, provider, JobQueues.Maintenance, JobQueues.MaintenanceWorkers));
        services.AddHangfireServer((provider, options) => Configure(options, provider, JobQueues.CheckBacks, JobQueues.CheckBackWorkers));
        services.AddHangfireServer((provider, options) => Configure(options, provider, JobQueues.BulkActions, JobQueues.BulkActionWorkers));
        return services;
    }

    private static void Configure(BackgroundJobServerOptions options, IServiceProvider provider, string queue, int workers)
    {
        options.ServerName = $"{Environment.MachineName}:{queue}";
        options.Queues = [queue];
        options.WorkerCount = workers;
        // Its storage is then in memory, and nothing is delayed or cleared up by these servers.
        options.IsLightweightServer = SteadyJobScheduler.ReplacesHangfires(provider.GetRequiredService<TimeProvider>());
        options.SchedulePollingInterval = TimeSpan.FromSeconds(1);
        options.ShutdownTimeout = TimeSpan.FromSeconds(15);
        options.StopTimeout = TimeSpan.FromSeconds(2);
    }

    private static JobStorage OpenStorage(IServiceProvider provider)
    {
        var store = provider.GetRequiredService<IOptions<StoreOptions>>().Value;
        var wanted = provider.GetRequiredService<IOptions<JobsOptions>>().Value.Storage;
        if (wanted == JobsStorage.Auto) wanted = store.Provider == StoreProvider.SqlServer ? JobsStorage.SqlServer : JobsStorage.InMemory;
        if (wanted == JobsStorage.InMemory) return new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromDays(7) });
        // Hangfire makes its tables as it is opened, and reports a server that it cannot reach by pages of stack traces: the
        // store, in the same database, says it in one line.
        provider.GetRequiredService<StoreDatabase>().InitializeAsync(CancellationToken.None).GetAwaiter().GetResult();
        return OpenSqlServer(store.ConnectionString);
    }

    private static SqlServerStorage OpenSqlServer(string connectionString) => new(connectionString, new SqlServerStorageOptions
    {
        PrepareSchemaIfNecessary = true,
        QueuePollInterval = TimeSpan.FromSeconds(1),
        SlidingInvisibilityTimeout = TimeSpan.FromMinutes(2),
        CommandBatchMaxTimeout = TimeSpan.FromMinutes(1),
        UseRecommendedIsolationLevel = true,
        DisableGlobalLocks = true,
    });
}
