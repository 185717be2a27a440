using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace TxMsg.Server.Storage.Migrations;

/// <summary>Brings the schema to the version of this binary, at start, while no other node does. A database that a newer
/// binary has migrated is refused, and so is one whose applied scripts differ from those in this binary.</summary>
public sealed partial class SchemaMigrator(StoreDatabase database, TimeProvider time, ILogger<SchemaMigrator> logger)
{
    // With the wait for a lock, half a minute: less than another node waits for its turn to migrate.
    private const int MaxTries = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Applies what is missing; returns the schema version.</summary>
    /// <exception cref="StoreStartException">The database is newer, or its history differs.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        var version = 0;
        await database.WithMigrationLockAsync(async connection => version = await MigrateAsync(connection, cancellationToken), cancellationToken);
        return version;
    }

    private async Task<int> MigrateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(database.Sql["CreateSchemaVersions"]);
        var applied = (await connection.QueryAsync<AppliedScript>(database.Sql["ListSchemaVersions"])).ToDictionary(script => script.Version);
        var scripts = database.Sql.Schema;
        var newest = scripts[^1].Version;
        if (applied.Count > 0 && applied.Keys.Max() > newest)
        {
            throw new StoreStartException(
                $"The database has schema version {applied.Keys.Max()}; this TxMsg knows versions up to {newest}. Start a newer TxMsg, or restore the backup made before the upgrade.");
        }

        foreach (var script in scripts)
        {
            if (applied.TryGetValue(script.Version, out var earlier)) CheckUnchanged(script, earlier);
            else await ApplyAsync(connection, script, cancellationToken);
        }

        return newest;
    }

    private static void CheckUnchanged(SchemaScript script, AppliedScript earlier)
    {
        if (earlier.Checksum != Checksum(script))
            throw new StoreStartException($"The schema script {script.Name} differs from the one this database was made with ({earlier.Name}); shipped scripts never change.");
    }

    // A script needs whole tables, and gives up a lock that it does not get soon: others at work go first, and it tries again.
    private async Task ApplyAsync(DbConnection connection, SchemaScript script, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ApplyOnceAsync(connection, script);
                LogApplied(script.Name);
                return;
            }
            // Without the connection the migration lock is gone, too.
            catch (DbException exception) when (database.IsTransient(exception) && connection.State == ConnectionState.Open)
            {
                if (attempt == MaxTries)
                    throw new StoreStartException($"The schema script {script.Name} could not be applied in {MaxTries} tries ({exception.Message.Split('\n')[0].Trim()}). Start again when the database is less busy.", exception);
                LogRetry(script.Name, attempt, exception);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task ApplyOnceAsync(DbConnection connection, SchemaScript script)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var batch in script.Batches) await connection.ExecuteAsync(batch, transaction: transaction);
        await connection.ExecuteAsync(
            database.Sql["AddSchemaVersion"],
            new { version = script.Version, name = script.Name, checksum = Checksum(script), appliedAt = time.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction);
        await transaction.CommitAsync();
    }

    private static string Checksum(SchemaScript script) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Sql.ReplaceLineEndings("\n"))));

    [LoggerMessage(1010, LogLevel.Information, "Applied schema script {Script}")]
    private partial void LogApplied(string script);

    [LoggerMessage(1011, LogLevel.Warning, "Schema script {Script} waits for others at work and is tried again (try {Attempt})")]
    private partial void LogRetry(string script, int attempt, Exception exception);

    private sealed class AppliedScript
    {
        public int Version { get; init; }

        public string Name { get; init; } = "";

        public string Checksum { get; init; } = "";
    }
}
