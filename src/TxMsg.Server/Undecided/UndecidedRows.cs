using TxMsg.Contracts.Operations;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Undecided;

/// <summary>What a row of <c>messages</c> tells while the verdict is not known.</summary>
internal static class UndecidedRows
{
    /// <summary>Whether its producer was asked, is being asked, or should have been by then: its local transaction takes longer than it said.</summary>
    public static bool IsPastFirstCheck(this MessageRow row, long now) =>
        row.MessageState == MessageState.Parked || row.CheckBackAt <= now || row.CheckBacks > 0 || row.CheckBackToken is not null;

    /// <summary>The message as the API shows it while it waits.</summary>
    public static UndecidedMessage ToUndecided(this MessageRow row, RegistrySnapshot registry, long now) => new()
    {
        Id = row.MessageId,
        Producer = registry.FindProducer(row.ProducerId)?.Name ?? "",
        Topic = row.Topic,
        State = row.MessageState.ToWire(),
        Key = row.Key,
        Tag = row.Tag,
        PreparedAt = MessageRow.Time(row.PreparedAt),
        PastFirstCheck = row.IsPastFirstCheck(now),
        NextCheckBackAt = row.MessageState == MessageState.Prepared ? MessageRow.Time(row.CheckBackAt) : null,
        CheckBacks = row.CheckBacks,
        UnknownAnswers = row.UnknownAnswers,
        ParkedAt = MessageRow.Time(row.ParkedAt),
    };
}
