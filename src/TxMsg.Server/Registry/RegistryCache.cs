using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Audit;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Registry;

/// <summary>The registry as this node knows it. Every change raises the version in its own transaction, and a commit compares
/// the version inside its transaction: so a subscription made on any node counts from its answer on.</summary>
public sealed class RegistryCache(StoreDatabase database, ISecretProtector protector)
{
    private readonly Lock reloading = new();
    private volatile RegistrySnapshot current = RegistrySnapshot.Empty;

    /// <summary>The newest snapshot that this node has read.</summary>
    public RegistrySnapshot Current => current;

    /// <summary>The snapshot of at least this version.</summary>
    public RegistrySnapshot AtLeast(long version)
    {
        if (current.Version >= version) return current;
        lock (reloading)
        {
            if (current.Version < version) current = ReadAsync(CancellationToken.None).GetAwaiter().GetResult();
            return current;
        }
    }

    /// <summary>Reads the registry if another version is in the store.</summary>
    public async Task<RegistrySnapshot> RefreshAsync(CancellationToken cancellationToken)
    {
        var version = await database.ReadAsync(connection => connection.QuerySingleAsync<long>("ReadRegistryVersion"), cancellationToken);
        if (version == current.Version) return current;
        var read = await ReadAsync(cancellationToken);
        lock (reloading)
        {
            if (read.Version > current.Version) current = read;
            return current;
        }
    }

    /// <summary>Runs a change of the registry in a transaction, with what the audit keeps of it, and lets every node know; false when
    /// <paramref name="change"/> returns no entry, because it changed nothing.</summary>
    public async Task<bool> ChangeAsync(Func<StoreConnection, Task<IReadOnlyList<AuditEntry>>> change)
    {
        var changed = await database.WriteAsync(async connection =>
        {
            var entries = await change(connection);
            if (entries.Count == 0) return false;
            foreach (var entry in entries) await entry.AddAsync(connection);
            // Last: every commit of every node reads this row.
            await connection.ExecuteAsync("RaiseRegistryVersion");
            return true;
        });
        await RefreshAsync(CancellationToken.None);
        return changed;
    }

    // The version is read first: rows that change meanwhile are read again at the next refresh.
    private Task<RegistrySnapshot> ReadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(async connection =>
        {
            var version = await connection.QuerySingleAsync<long>("ReadRegistryVersion");
            var producers = await connection.QueryAsync<ProducerRow>("ListProducers");
            var subscriptions = await connection.QueryAsync<SubscriptionRow>("ListSubscriptions");
            var keys = await connection.QueryAsync<ApiKeyRow>("ListApiKeys");
            return new RegistrySnapshot(
                version,
                producers.Select(row => row.ToProducer(protector)).ToArray(),
                subscriptions.Select(row => row.ToSubscription(protector)).ToArray(),
                keys.Select(row => row.ToApiKey()).ToArray());
        }, cancellationToken);
}
