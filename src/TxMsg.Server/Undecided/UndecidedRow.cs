using TxMsg.Contracts.Operations;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Undecided;

/// <summary>A message whose verdict is not known.</summary>
public sealed class UndecidedRow
{
    public long Seq { get; init; }

    public byte[] Id { get; init; } = [];

    public long ProducerId { get; init; }

    public string Topic { get; init; } = "";

    public string? Key { get; init; }

    public string? Tag { get; init; }

    public int State { get; init; }

    public long PreparedAt { get; init; }

    public long? CheckBackAt { get; init; }

    public long? CheckBackToken { get; init; }

    public int CheckBacks { get; init; }

    public int UnknownAnswers { get; init; }

    public long? ParkedAt { get; init; }

    public Guid MessageId => new(Id, bigEndian: true);

    public MessageState MessageState => (MessageState)State;

    /// <summary>Whether its producer was asked, is being asked, or should have been by then: its local transaction takes longer than it said.</summary>
    public bool IsPastFirstCheck(long now) =>
        MessageState == MessageState.Parked || CheckBackAt <= now || CheckBacks > 0 || CheckBackToken is not null;

    public UndecidedMessage ToResource(RegistrySnapshot registry, long now) => new()
    {
        Id = MessageId,
        Producer = registry.FindProducer(ProducerId)?.Name ?? "",
        Topic = Topic,
        State = MessageState.ToWire(),
        Key = Key,
        Tag = Tag,
        PreparedAt = MessageRow.Time(PreparedAt),
        PastFirstCheck = IsPastFirstCheck(now),
        NextCheckBackAt = MessageState == MessageState.Prepared ? MessageRow.Time(CheckBackAt) : null,
        CheckBacks = CheckBacks,
        UnknownAnswers = UnknownAnswers,
        ParkedAt = MessageRow.Time(ParkedAt),
    };
}
