using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Alerts;
using TxMsg.Server.Audit;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Nodes;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Retention;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Storage.Migrations;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>A coordinator without HTTP, Hangfire and timers: its parts on a real SQLite file, driven by the test and its clock.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly ServiceProvider services;

    private TestNode((string Key, string? Value)[] settings) => services = Register(settings).BuildServiceProvider();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero));

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public StoreDatabase Database => Get<StoreDatabase>();

    public GroupCommitter Committer => Get<GroupCommitter>();

    public OutletDirectory Outlets => Get<OutletDirectory>();

    public RecordingJobs Jobs { get; } = new();

    public BreakStep Break { get; } = new();

    public static async Task<TestNode> StartAsync(params (string Key, string? Value)[] settings)
    {
        var node = new TestNode(settings);
        await node.Database.InitializeAsync(CancellationToken.None);
        await node.Get<SchemaMigrator>().MigrateAsync(CancellationToken.None);
        await node.Get<RegistryCache>().RefreshAsync(CancellationToken.None);
        node.Committer.Start();
        return node;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = (SqliteConnection)await Database.OpenConnectionAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The only value of a query; null for none.</summary>
    public async Task<long?> ReadAsync(string sql)
    {
        await using var connection = (SqliteConnection)await Database.OpenConnectionAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync() as long?;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(Committer.Stop);
        await services.DisposeAsync();
        folder.Dispose();
    }

    private IServiceCollection Register((string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("TxMsg:Store:ConnectionString", folder.ConnectionString)])
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging()
            .AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(Time).AddSingleton<ISecretProtector, PlainProtector>()
            .AddStorage().AddRegistry().AddAudit().AddSingleton<ApiKeyAdministration>().AddWebhooks(configuration, allowLoopback: true)
            .AddProducers().AddSubscriptions().AddCheckBacks().AddTransactions().AddDeliveries().AddDeadLetters().AddRetention().AddNodes().AddBulkActions().AddSingleton<IServer, NoServer>()
            .AddAlerts(configuration)
            .AddSingleton<ICheckBackJobs>(Jobs).AddSingleton<IBulkActionJobs>(Jobs).AddSingleton<WriteStep>(Break);
    }
}
