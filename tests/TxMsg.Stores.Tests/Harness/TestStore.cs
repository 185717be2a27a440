using TxMsg.AcceptanceTests.Harness;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.SqlServer;
using TxMsg.Server.Storage.Sqlite;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>A database of its own for a fixture; gone with it.</summary>
public abstract class TestStore : IAsyncDisposable
{
    /// <summary>The stores that can be tested here.</summary>
    public static IEnumerable<StoreProvider> Available =>
        ServerDatabase.Server is null ? [StoreProvider.Sqlite] : [StoreProvider.Sqlite, StoreProvider.SqlServer];

    public abstract StoreProvider Provider { get; }

    public static async Task<TestStore> CreateAsync(StoreProvider provider)
    {
        if (provider == StoreProvider.Sqlite) return new SqliteTestStore();
        return new SqlServerTestStore(await ServerDatabase.CreateAsync());
    }

    /// <summary>As another process opens it.</summary>
    public abstract StoreDatabase Open();

    public abstract ValueTask DisposeAsync();

    private sealed class SqliteTestStore : TestStore
    {
        private readonly string folder = Directory.CreateTempSubdirectory("txmsg-stores-").FullName;

        public override StoreProvider Provider => StoreProvider.Sqlite;

        public override StoreDatabase Open() => new SqliteDatabase($"Data Source={Path.Combine(folder, "txmsg.db")}");

        public override ValueTask DisposeAsync()
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class SqlServerTestStore(ServerDatabase database) : TestStore
    {
        public override StoreProvider Provider => StoreProvider.SqlServer;

        public override StoreDatabase Open() => new SqlServerDatabase(database.ConnectionString);

        public override ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
