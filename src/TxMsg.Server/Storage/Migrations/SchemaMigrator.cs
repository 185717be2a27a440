using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace TxMsg.Server.Storage.Migrations;

/// <summary>Brings the schema to the version of this binary, at start, while no other node does. A database that a newer
/// binary has migrated is refused, and so is one whose applied scripts differ from those in this binary.</summary>
public sealed partial class SchemaMigrator(StoreDatabase database, TimeProvider time, ILogger<SchemaMigrator> logger)
{
    /// <summary>Applies what is missing; returns the schema version.</summary>
    /// <exception cref="StoreStartException">The database is newer, or its history differs.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        var version = 0;
        await database.WithMigrationLockAsync(async connection => version = await MigrateAsync(connection), cancellationToken);
        return version;
    }

    private async Task<int> MigrateAsync(DbConnection connection)
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
            else await ApplyAsync(connection, script);
        }

        return newest;
    }

    private static void CheckUnchanged(SchemaScript script, AppliedScript earlier)
    {
        if (earlier.Checksum != Checksum(script))
            throw new StoreStartException($"The schema script {script.Name} differs from the one this database was made with ({earlier.Name}); shipped scripts never change.");
    }

    private async Task ApplyAsync(DbConnection connection, SchemaScript script)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var batch in script.Batches) await connection.ExecuteAsync(batch, transaction: transaction);
        await connection.ExecuteAsync(
            database.Sql["AddSchemaVersion"],
            new { version = script.Version, name = script.Name, checksum = Checksum(script), appliedAt = time.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction);
        await transaction.CommitAsync();
        LogApplied(script.Name);
    }

    private static string Checksum(SchemaScript script) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Sql.ReplaceLineEndings("\n"))));

    [LoggerMessage(1010, LogLevel.Information, "Applied schema script {Script}")]
    private partial void LogApplied(string script);

    private sealed class AppliedScript
    {
        public int Version { get; init; }

        public string Name { get; init; } = "";

        public string Checksum { get; init; } = "";
    }
}
