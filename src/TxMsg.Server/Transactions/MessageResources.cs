using TxMsg.Contracts.Messages;
using TxMsg.Server.Deliveries;

namespace TxMsg.Server.Transactions;

/// <summary>Makes the answer to a prepare and to a first verdict from what the write already knows: no read.</summary>
internal static class MessageResources
{
    public static MessageResource Of(PrepareOperation operation)
    {
        var message = operation.Message;
        var preparedAt = MessageRow.Time(operation.Now);
        return new MessageResource
        {
            Id = message.Id,
            Producer = message.Producer,
            Topic = message.Topic,
            State = (message.IsCommitted ? MessageState.Committed : MessageState.Prepared).ToWire(),
            Key = message.Key,
            Tag = message.Tag,
            OrderingKey = message.OrderingKey,
            DelaySeconds = message.Delay.TotalSeconds,
            ContentType = message.Content.ContentType,
            Headers = MessageRow.ReadHeaders(message.Content.HeadersJson),
            PreparedAt = preparedAt,
            DecidedAt = message.IsCommitted ? preparedAt : null,
            DecidedBy = message.IsCommitted ? VerdictSource.Producer.ToWire() : null,
            NextCheckBackAt = message.IsCommitted ? null : preparedAt + message.CheckBackAfter,
            Deliveries = Of(operation.FannedOut),
        };
    }

    public static MessageResource Of(DecidedMessage message, VerdictOperation operation, string producer) => new()
    {
        Id = message.Id,
        Producer = producer,
        Topic = message.Topic,
        State = (operation.Verdict == Verdict.Commit ? MessageState.Committed : MessageState.RolledBack).ToWire(),
        Key = message.Key,
        Tag = message.Tag,
        OrderingKey = message.OrderingKey,
        DelaySeconds = message.DelayMs / 1000.0,
        ContentType = message.Content?.ContentType,
        Headers = MessageRow.ReadHeaders(message.Content?.HeadersJson),
        PreparedAt = MessageRow.Time(message.PreparedAt),
        DecidedAt = MessageRow.Time(operation.Now),
        DecidedBy = operation.Source.ToWire(),
        Reason = operation.Reason,
        CheckBacks = message.CheckBacks,
        Deliveries = Of(message.FannedOut),
    };

    private static IReadOnlyList<DeliveryResource> Of(FannedOut? fannedOut)
    {
        if (fannedOut is null || fannedOut.Ways.Count == 0) return [];
        var deliveries = new DeliveryResource[fannedOut.Ways.Count];
        for (var i = 0; i < deliveries.Length; i++)
        {
            var way = fannedOut.Ways[i];
            deliveries[i] = new DeliveryResource
            {
                Subscription = way.Subscription.Name,
                State = way.State.ToWire(),
                NextAttemptAt = way.State == DeliveryState.Pending && way.DueAt < OrderingLanes.Behind ? MessageRow.Time(way.DueAt) : null,
            };
        }

        return deliveries;
    }
}
