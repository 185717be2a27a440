using TxMsg.Server.Storage;

namespace TxMsg.Server.Nodes;

/// <summary>Removes what pulses have left: minutes after a week, nodes that were not heard of for a day, and of their endpoints' health what
/// others know better.</summary>
public sealed class PulsePurger(StoreDatabase database, TimeProvider time)
{
    /// <summary>How long minutes are kept.</summary>
    public static readonly TimeSpan MinutesKeptFor = TimeSpan.FromDays(7);

    /// <summary>How long a node is kept that is silent or has stopped.</summary>
    public static readonly TimeSpan NodesKeptFor = TimeSpan.FromDays(1);

    private const int BatchSize = 200;

    /// <summary>A batch of each; true when there may be more.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var removed = new[]
        {
            await DeleteAsync("DeleteOldMinuteStats", new { before = Before(MinutesKeptFor), limit = BatchSize }, cancellationToken),
            await DeleteAsync("DeleteOldNodes", new { before = Before(NodesKeptFor), limit = BatchSize }, cancellationToken),
            await DeleteAsync("DeleteOvertakenHealth", new { limit = BatchSize }, cancellationToken),
            await DeleteAsync("DeleteHealthOfDeletedSubscriptions", new { limit = BatchSize }, cancellationToken),
        };
        return removed.Any(rows => rows >= BatchSize);
    }

    private long Before(TimeSpan keptFor) => (time.GetUtcNow() - keptFor).ToUnixTimeMilliseconds();

    private Task<int> DeleteAsync(string statement, object parameters, CancellationToken cancellationToken) =>
        database.WriteAsync(connection => connection.ExecuteAsync(statement, parameters), cancellationToken);
}
