using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Deliveries;

/// <summary>Reads what is delivered, when it is not in memory.</summary>
public sealed class ContentReader(StoreDatabase database)
{
    /// <summary>A message's content, or null when it has been purged.</summary>
    public Task<MessageContent?> FindAsync(long messageSeq, CancellationToken cancellationToken) =>
        database.ReadAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<ContentRow>("FindContent", new { seq = messageSeq });
            return row is null ? null : new MessageContent(row.ContentType, row.Headers, row.Payload);
        }, cancellationToken);

    private sealed class ContentRow
    {
        public string ContentType { get; init; } = "";

        public string? Headers { get; init; }

        public byte[] Payload { get; init; } = [];
    }
}
