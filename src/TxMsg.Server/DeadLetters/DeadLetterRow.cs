using TxMsg.Contracts.Operations;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.DeadLetters;

/// <summary>A dead letter with what is shown of its message.</summary>
public sealed class DeadLetterRow
{
    public long Id { get; init; }

    public byte[] MessageId { get; init; } = [];

    public long ProducerId { get; init; }

    public long SubscriptionId { get; init; }

    public string Topic { get; init; } = "";

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public int Attempts { get; init; }

    public int? LastStatus { get; init; }

    public string? LastError { get; init; }

    public long FinishedAt { get; init; }

    public DeadLetterResource ToResource(RegistrySnapshot registry) => new()
    {
        MessageId = new Guid(MessageId, bigEndian: true),
        Subscription = registry.FindSubscription(SubscriptionId)?.Name ?? "",
        Topic = Topic,
        Producer = registry.FindProducer(ProducerId)?.Name ?? "",
        Key = Key,
        Tag = Tag,
        Attempts = Attempts,
        LastStatus = LastStatus,
        LastError = LastError,
        DeadLetteredAt = MessageRow.Time(FinishedAt),
    };
}
