using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Deliveries;

/// <summary>Reads what is delivered, when it is not in memory.</summary>
public sealed class ContentReader(StoreDatabase database)
{
    /// <summary>The content of a delivery's message, or null when it has been purged.</summary>
    /// <exception cref="DamagedContentException">It, or what was claimed with it, is not what was stored.</exception>
    public Task<MessageContent?> FindAsync(LeasedDelivery delivery, CancellationToken cancellationToken) =>
        database.ReadAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<ContentRow>("FindContent", new { seq = delivery.MessageSeq });
            if (row is null) return null;
            var content = new MessageContent(row.ContentType, row.Headers, row.Payload);
            return ContentChecksum.Fits(row.Checksum, delivery.MessageId, delivery.Topic, delivery.Key, delivery.Tag, delivery.OrderingKey, content)
                ? content
                : throw new DamagedContentException(delivery.MessageId);
        }, cancellationToken);

    private sealed class ContentRow
    {
        public string ContentType { get; init; } = "";

        public string? Headers { get; init; }

        public byte[] Payload { get; init; } = [];

        public long? Checksum { get; init; }
    }
}
