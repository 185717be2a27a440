using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.Migrations;
using TxMsg.Server.Subscriptions;

namespace TxMsg.FaultTests.Simulation;

/// <summary>The database file of a thread's histories, each of which begins with a fresh one. Kept in memory where the system offers
/// that: the disk's faults are simulated, its flushes only cost time.</summary>
internal sealed class SimFile : IDisposable
{
    private static readonly ConcurrentDictionary<(int Producers, int Subscriptions), Lazy<byte[]>> Templates = new();
    private static readonly double[][] Schedules = [[1, 2, 4], [0.5, 1], [2, 3, 5, 8], [1]];
    private static readonly string[]?[] Tags = [null, null, ["a"], ["a", "b"]];

    private readonly string folder = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/txmsg-simulation-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("txmsg-simulation-").FullName;

    public string Path => System.IO.Path.Combine(folder, "txmsg.db");

    /// <summary>How many retries a subscription has.</summary>
    public static int Retries(int subscription) => Schedules[subscription % 4].Length;

    public static string Topic(int subscription) => subscription % 3 == 2 ? "topic-1" : "topic-0";

    public static bool IsOrdered(int subscription) => subscription % 2 == 1;

    public static bool Wants(int subscription, SimMessage message) =>
        Topic(subscription) == message.Topic && (Tags[subscription % 4] is not { } tags || (message.Tag is not null && tags.Contains(message.Tag)));

    /// <summary>A migrated database with so many producers and subscriptions.</summary>
    public void Reset(int producers, int subscriptions)
    {
        var template = Templates.GetOrAdd((producers, subscriptions), size => new Lazy<byte[]>(() => Make(size.Producers, size.Subscriptions))).Value;
        Close();
        File.WriteAllBytes(Path, template);
    }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = true }.ToString());
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(folder, recursive: true);
    }

    private void Close()
    {
        SqliteConnection.ClearPool(new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = true }.ToString()));
        foreach (var file in Directory.GetFiles(folder)) File.Delete(file);
    }

    private static byte[] Make(int producers, int subscriptions)
    {
        using var file = new SimFile();
        using (var made = file.Open())
        {
            using var command = made.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL;";
            command.ExecuteNonQuery();
        }

        var clock = new SimClock();
        var thread = new NodeThread(new Queue<NodeThread>(), Environment.CurrentManagedThreadId);
        var store = new SimStore(file.Path, isShared: true, SqlCatalogue.Load("sqlite"));
        var node = new SimNode(0, 0, thread, store, clock, new SimNetwork(null!, static () => null!), new Random(0), new Recorder(clock));
        RegisterAsync(node, clock, producers, subscriptions).GetAwaiter().GetResult();
        using (var connection = file.Open())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE);";
            command.ExecuteNonQuery();
        }

        return File.ReadAllBytes(file.Path);
    }

    private static async Task RegisterAsync(SimNode node, SimClock clock, int producers, int subscriptions)
    {
        await new SchemaMigrator(node.Store, clock, NullLogger<SchemaMigrator>.Instance).MigrateAsync(CancellationToken.None);
        await node.Get<RegistryCache>().RefreshAsync(CancellationToken.None);
        for (var i = 0; i < producers; i++)
            await node.Get<ProducerAdministration>().PutAsync($"producer-{i}", new ProducerRequest { CheckBackUrl = $"http://producer-{i}.test/check" }, "someone");
        for (var i = 0; i < subscriptions; i++)
        {
            var request = new SubscriptionRequest
            {
                Topic = Topic(i), Endpoint = $"http://subscription-{i}.test/in", Ordered = IsOrdered(i), Tags = Tags[i % 4], RetryScheduleSeconds = Schedules[i % 4],
                MaxConcurrency = i % 3 == 0 ? 2 : null,
            };
            await node.Get<SubscriptionAdministration>().PutAsync($"subscription-{i}", request, "someone");
        }
    }
}
