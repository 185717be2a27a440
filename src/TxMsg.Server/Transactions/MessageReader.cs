using TxMsg.Contracts.Messages;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Transactions;

/// <summary>Reads messages: one, a page, what is to be delivered.</summary>
public sealed class MessageReader(StoreDatabase database, RegistryCache registry)
{
    /// <summary>The row of a message, or null.</summary>
    public Task<MessageRow?> FindRowAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<MessageRow>("FindMessage", new { id = id.ToByteArray(bigEndian: true) }), cancellationToken);

    /// <summary>A message with its deliveries, or null.</summary>
    public Task<MessageResource?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<MessageRow>("FindMessage", new { id = id.ToByteArray(bigEndian: true) });
            return row is null ? null : await WithDeliveriesAsync(connection, row);
        }, cancellationToken);

    /// <summary>A message whose row has been read, with its deliveries.</summary>
    public Task<MessageResource> WithDeliveriesAsync(MessageRow row, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => WithDeliveriesAsync(connection, row), cancellationToken);

    /// <summary>A message's payload and its producer, or null.</summary>
    /// <exception cref="DamagedContentException">It is not what was stored.</exception>
    public async Task<PayloadRow?> FindPayloadAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<PayloadRow>("FindPayload", new { id = id.ToByteArray(bigEndian: true) }), cancellationToken);
        return row is null || row.FitsItsChecksum() ? row : throw new DamagedContentException(id);
    }

    /// <summary>A page of messages, newest first.</summary>
    public async Task<MessageList> ListAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        var (rows, next) = await database.ReadAsync(connection => MessageSearch.RunAsync(connection, query), cancellationToken);
        return new MessageList(rows.Select(row => row.ToResource(registry.Current, null)).ToArray(), next?.ToString())
        {
            SearchedTo = next is { } place ? MessageRow.Time(place.PreparedAt) : null,
        };
    }

    private async Task<MessageResource> WithDeliveriesAsync(StoreConnection connection, MessageRow row)
    {
        var deliveries = await connection.QueryAsync<DeliveryOfMessageRow>("ListDeliveriesOfMessage", new { seq = row.Seq });
        return row.ToResource(registry.Current, deliveries.Select(delivery => delivery.ToResource()).ToArray());
    }
}
