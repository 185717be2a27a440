using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting.Configuration;
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
        .AddValidatedOptions<StoreOptions>(StoreOptions.Section, rules => rules
            .Must("ConnectionString", "a connection string of TxMsg:Store:Provider", WrongConnectionString))
        .AddValidatedOptions<LimitsOptions>(LimitsOptions.Section, rules => rules
            .Range(options => options.MaxPayloadBytes, 1, 67_108_864)
            .Range(options => options.WriteQueueLength, 1, 1_000_000)
            .Range(options => options.MaxConnections, 1, 1_000_000))
        .AddSingleton<StoreDatabase>(provider => Open(provider.GetRequiredService<IOptions<StoreOptions>>().Value, provider.GetRequiredService<ILogger<StoreDatabase>>()))
        .AddSingleton<SchemaMigrator>()
        .AddSingleton<GroupCommitter>();

    /// <summary>The store of these options; nothing is opened yet.</summary>
    public static StoreDatabase Open(StoreOptions options, ILogger? logger = null) => options.Provider switch
    {
        StoreProvider.SqlServer => new SqlServerDatabase(options.ConnectionString),
        _ => new SqliteDatabase(options.ConnectionString, logger),
    };

    // The text is never shown: it may hold a password.
    private static string? WrongConnectionString(StoreOptions options)
    {
        if (options.Provider == StoreProvider.SqlServer && options.ConnectionString == StoreOptions.DefaultConnectionString) return "is missing";
        try
        {
            DbConnectionStringBuilder builder = options.Provider == StoreProvider.SqlServer ? new SqlConnectionStringBuilder() : new SqliteConnectionStringBuilder();
            builder.ConnectionString = options.ConnectionString;
            var source = builder["Data Source"] as string;
            if (string.IsNullOrWhiteSpace(source)) return "names no Data Source";
            // The engine that is built in cannot encrypt: it would say so only after it had made files.
            return builder is SqliteConnectionStringBuilder { Password.Length: > 0 } ? "has a Password, which is not supported with Sqlite" : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException)
        {
            return $"cannot be read ({exception.Message.TrimEnd('.')})";
        }
    }
}
