using Microsoft.Data.Sqlite;
using TxMsg.Client;
using TxMsg.Client.Producing;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Benchmarks.Sdk;

/// <summary>One of the ways to place an order that are measured side by side.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Sends">Whether a message goes with the order.</param>
/// <param name="Start">Makes what places an order on an open connection.</param>
internal sealed record OrderWay(string Name, bool Sends, Func<IServiceProvider, Func<SqliteConnection, CancellationToken, Task>> Start)
{
    /// <summary>The same transaction with no message: what the others are divided by.</summary>
    public static readonly OrderWay Plain = new("plain", Sends: false, _ => PlaceAsync);

    /// <summary>Half message, barrier, commit, verdict.</summary>
    public static readonly OrderWay Barrier = new("barrier", Sends: true, services =>
    {
        var producer = services.GetRequiredService<TransactionalProducer>();
        return async (connection, stop) =>
        {
            var sent = await producer.SendAsync(connection, NewMessage(), (transaction, token) => OrderDatabase.InsertOrderAsync((SqliteTransaction)transaction, token), cancellationToken: stop);
            if (sent.Verdict != VerdictStatus.Recorded) throw new BenchmarkFailedException($"A verdict is {sent.Verdict}.");
        };
    });

    /// <summary>The message in the same transaction; the relay sends it beside.</summary>
    public static readonly OrderWay Local = new("local", Sends: true, services =>
    {
        var table = services.GetRequiredService<LocalMessageTable>();
        return async (connection, stop) =>
        {
            await using var transaction = connection.BeginTransaction();
            await OrderDatabase.InsertOrderAsync(transaction, stop);
            await table.EnqueueAsync(transaction, NewMessage(), stop);
            await transaction.CommitAsync(stop);
        };
    });

    public static IReadOnlyList<OrderWay> All { get; } = [Plain, Barrier, Local];

    private static Message NewMessage() => new("orders", new byte[512]);

    private static async Task PlaceAsync(SqliteConnection connection, CancellationToken stop)
    {
        await using var transaction = connection.BeginTransaction();
        await OrderDatabase.InsertOrderAsync(transaction, stop);
        await transaction.CommitAsync(stop);
    }
}
