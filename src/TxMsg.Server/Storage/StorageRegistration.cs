using Microsoft.Extensions.Options;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Storage.Migrations;
using TxMsg.Server.Storage.Sqlite;
using TxMsg.Server.Storage.SqlServer;

namespace TxMsg.Server.Storage;

/// <summary>Connections, dialects, statements, migrations, group commit.</summary>
public static class StorageRegistration
{
    /// <summary>Adds the configured store.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services) => services
        .AddSingleton<StoreDatabase>(provider => Open(provider.GetRequiredService<IOptions<StoreOptions>>().Value))
        .AddSingleton<SchemaMigrator>()
        .AddSingleton<GroupCommitter>();

    /// <summary>The store of these options; nothing is opened yet.</summary>
    public static StoreDatabase Open(StoreOptions options) => options.Provider switch
    {
        StoreProvider.SqlServer => new SqlServerDatabase(options.ConnectionString),
        _ => new SqliteDatabase(options.ConnectionString),
    };
}
