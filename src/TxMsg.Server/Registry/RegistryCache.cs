using TxMsg.Server.Access;
using TxMsg.Server.Access.Keys;
using TxMsg.Server.Audit;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Registry;

/// <summary>The registry as this node knows it. Every change gives it another version in its own transaction, and a commit compares
/// the version inside its transaction: so a subscription made on any node counts from its answer on.</summary>
/// <remarks>Of versions only whether they differ counts: after a fail-over that lost the last changes, the store has an earlier one.</remarks>
public sealed partial class RegistryCache(StoreDatabase database, ISecretProtector protector, TimeProvider time, ILogger<RegistryCache> logger)
{
    private readonly Lock installing = new();
    private volatile RegistrySnapshot current = RegistrySnapshot.Empty;

    // Reads are numbered as they begin: what began later has seen what an earlier one has.
    private long begun;
    private long installed;

    /// <summary>The newest snapshot that this node has read.</summary>
    public RegistrySnapshot Current => current;

    /// <summary>The snapshot of this version, which is in the store at this moment, or of a later one.</summary>
    public RegistrySnapshot Of(long version) => current.Version == version ? current : ReadAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Reads the registry if another version is in the store.</summary>
    public async Task<RegistrySnapshot> RefreshAsync(CancellationToken cancellationToken)
    {
        var version = await database.ReadAsync(connection => connection.QuerySingleAsync<long>("ReadRegistryVersion"), cancellationToken);
        return version == current.Version ? current : await ReadAsync(cancellationToken);
    }

    /// <summary>The producer of this name, which another node may just have registered; null when there is none.</summary>
    public async ValueTask<Producer?> FindProducerAsync(string name, CancellationToken cancellationToken) =>
        current.FindProducer(name) ?? (await RefreshAsync(cancellationToken)).FindProducer(name);

    /// <summary>The subscription of this name, which another node may just have made; null when there is none.</summary>
    public async ValueTask<Subscription?> FindSubscriptionAsync(string name, CancellationToken cancellationToken) =>
        current.FindSubscription(name) ?? (await RefreshAsync(cancellationToken)).FindSubscription(name);

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
            await connection.ExecuteAsync("RaiseRegistryVersion", new { now = time.GetUtcNow().ToUnixTimeMilliseconds() });
            return true;
        });
        await TryRefreshAsync();
        return changed;
    }

    // The change is stored, and its answer may hold a secret that is shown this once.
    private async Task TryRefreshAsync()
    {
        try
        {
            await RefreshAsync(CancellationToken.None);
        }
#pragma warning disable CA1031 // The refresher sees the change as soon as the store can be read again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotRefreshed(exception);
        }
    }

    private async Task<RegistrySnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref begun);
        var read = await ReadRowsAsync(cancellationToken);
        lock (installing)
        {
            if (number > installed) (current, installed) = (read, number);
            return current;
        }
    }

    // The version is read first: rows that change meanwhile are read again at the next refresh.
    private Task<RegistrySnapshot> ReadRowsAsync(CancellationToken cancellationToken) =>
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

    [LoggerMessage(4002, LogLevel.Warning, "A change of the registry is stored and could not be read back; this node sees it as soon as it can read")]
    private partial void LogNotRefreshed(Exception exception);
}
