using System.Security.Cryptography;
using TxMsg.Server.Access.KeyRing;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Storage.Migrations;

namespace TxMsg.Server.Hosting;

/// <summary>Makes the store ready before anything else starts: opened, migrated, what a crash left behind released, registry read.</summary>
public sealed class StoreStartup(StoreDatabase database, SchemaMigrator migrator, RegistryCache registry, KeyRingCheck keyRing, GroupCommitter committer, TimeProvider time)
    : IHostedLifecycleService
{
    /// <summary>Whether the store is open and migrated.</summary>
    public bool IsReady { get; private set; }

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.InitializeAsync(cancellationToken);
        await migrator.MigrateAsync(cancellationToken);
        if (!database.IsShared)
        {
            await database.WriteAsync(connection => ReleaseAllAsync(connection, time.GetUtcNow()), cancellationToken);
        }

        // One node after the other: two that each made the first key would not know the other's before the next day.
        await database.WithMigrationLockAsync(_ => Task.Run(keyRing.Prove, cancellationToken), cancellationToken);
        await ReadRegistryAsync(cancellationToken);
        committer.Start();
        IsReady = true;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The only node of this store begins: whatever is leased was leased by a process that is gone.</summary>
    internal static async Task ReleaseAllAsync(StoreConnection connection, DateTimeOffset at)
    {
        var now = new { now = at.ToUnixTimeMilliseconds() };
        await connection.ExecuteAsync("ReleaseAllLeases", now);
        await connection.ExecuteAsync("ReleaseAllCheckBacks", now);
        await connection.ExecuteAsync("ReleaseAllCheckBackJobs");
        await connection.ExecuteAsync("ReleaseAllBulkActions");
        await connection.ExecuteAsync("ReleaseAllSweeps");
    }

    /// <summary>Last of all: whoever still had to write has written.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.Run(committer.Stop, CancellationToken.None);

    private async Task ReadRegistryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await registry.RefreshAsync(cancellationToken);
        }
        catch (CryptographicException exception)
        {
            throw keyRing.Lost(exception);
        }
    }
}
