using TxMsg.Contracts;
using TxMsg.Contracts.Operations;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Transactions;
using TxMsg.Server.Undecided;

namespace TxMsg.Server.BulkActions;

/// <summary>What a bulk action is about: the filter, and what was there when it was asked for.</summary>
public sealed class BulkScope
{
    private readonly DeadLetterFilter failures;
    private readonly long deadAfter;

    /// <summary>The scope of a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="subscriptionId">Its subscription.</param>
    /// <param name="producerId">Its producer.</param>
    /// <param name="upTo">The last that was there: delivery or message.</param>
    /// <param name="askedAt">When it was asked for, in Unix milliseconds.</param>
    public BulkScope(BulkActionFilter filter, long? subscriptionId, long? producerId, long upTo, long askedAt)
    {
        failures = new DeadLetterFilter(filter.Error, filter.LastStatus);
        deadAfter = filter.DeadLetteredAfter?.ToUnixTimeMilliseconds() ?? long.MinValue;
        DeadBefore = Math.Min(askedAt, filter.DeadLetteredBefore?.ToUnixTimeMilliseconds() - 1 ?? long.MaxValue);
        MessageIds = filter.MessageIds?.Distinct().ToArray();
        SubscriptionId = subscriptionId ?? 0;
        ProducerId = producerId;
        Topic = filter.Topic;
        TakesPrepared = filter.State is null or MessageStates.Prepared;
        TakesParked = filter.State is null or MessageStates.Parked;
        PreparedBefore = askedAt - (long)((filter.OlderThanSeconds ?? 0) * 1000);
        UpTo = upTo;
        AskedAt = askedAt;
    }

    /// <summary>These messages alone; null: whatever matches.</summary>
    public IReadOnlyList<Guid>? MessageIds { get; }

    public long SubscriptionId { get; }

    public long? ProducerId { get; }

    public string? Topic { get; }

    public bool TakesPrepared { get; }

    public bool TakesParked { get; }

    public long PreparedBefore { get; }

    /// <summary>Dead letters since then or longer.</summary>
    public long DeadBefore { get; }

    public long UpTo { get; }

    public long AskedAt { get; }

    /// <summary>Whether the text of the error is needed to tell.</summary>
    public bool NeedsError => failures.HasError;

    /// <summary>Whether every dead letter of the subscription is meant.</summary>
    public bool IsEveryDeadLetter => failures.IsEmpty && deadAfter == long.MinValue && DeadBefore == AskedAt;

    /// <summary>The scope of a bulk action that was asked for.</summary>
    public static BulkScope Of(BulkActionRow row) => new(row.ReadFilter(), row.SubscriptionId, row.ProducerId, row.UpTo, row.CreatedAt);

    /// <summary>Whether a dead letter is meant.</summary>
    public bool Takes(DeadLetterInOrder row) =>
        row.FinishedAt <= DeadBefore && row.FinishedAt >= deadAfter && failures.Matches(row.LastStatus, row.LastError);

    /// <summary>Whether an undecided message is meant. One that has not reached its first check-back is left alone: its local transaction
    /// is under way.</summary>
    public bool Takes(MessageRow row) =>
        (Topic is null || row.Topic == Topic) && row.IsPastFirstCheck(AskedAt)
        && (row.MessageState == MessageState.Prepared ? TakesPrepared : TakesParked);
}
