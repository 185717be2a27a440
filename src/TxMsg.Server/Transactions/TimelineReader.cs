using TxMsg.Contracts.Messages;
using TxMsg.Server.Audit;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Transactions;

/// <summary>Puts a message's history together from the rows that its steps left.</summary>
public sealed class TimelineReader(StoreDatabase database)
{
    /// <summary>Most check-backs, failed attempts and operator actions, each by itself: of more only the newest are in it.</summary>
    public const int MostOfAKind = 1_000;

    /// <summary>The message's timeline.</summary>
    public Task<Timeline> ReadAsync(MessageRow message, CancellationToken cancellationToken) =>
        database.ReadAsync(async connection =>
        {
            var events = new List<TimelineEvent> { new() { At = MessageRow.Time(message.PreparedAt), Kind = "prepared" } };
            events.AddRange((await NewestAsync<CheckBackRow>(connection, "ListCheckBacksOfMessage", message)).Select(row => row.ToEvent()));
            if (message.ParkedAt is { } parkedAt) events.Add(new() { At = MessageRow.Time(parkedAt), Kind = "parked" });
            if (message.DecidedAt is { } decidedAt) events.Add(Decided(message, decidedAt));
            var attempts = await NewestAsync<AttemptRow>(connection, "ListAttemptsOfMessage", message);
            var actions = await NewestAsync<ActionRow>(connection, "ListOperatorActionsOnMessage", message);
            var changes = await ListChangesAsync(connection, message);
            events.AddRange(attempts.Select(row => row.ToEvent()).Select(attempt => attempt.Outcome == "delivered" ? WithUrlOfItsTime(attempt, changes) : attempt));
            events.AddRange(actions.SelectMany(action => DeadLetteredBefore(action, attempts)).DistinctBy(entry => (entry.Subscription, entry.At)));
            events.AddRange(actions.Select(row => row.ToEvent()));
            var deliveries = await connection.QueryAsync<DeliveryOfMessageRow>("ListDeliveriesOfMessage", new { seq = message.Seq });
            events.AddRange(deliveries.SelectMany(Finished).Select(entry => WithUrlOfItsTime(entry, changes)));
            return new Timeline { Events = events.OrderBy(entry => entry.At).ToArray() };
        }, cancellationToken);

    // Oldest first.
    private static async Task<IReadOnlyList<T>> NewestAsync<T>(StoreConnection connection, string statement, MessageRow message) =>
        (await connection.QueryAsync<T>(statement, new { seq = message.Seq, limit = MostOfAKind })).Reverse().ToArray();

    private static Task<IReadOnlyList<ChangeRow>> ListChangesAsync(StoreConnection connection, MessageRow message) => connection.QueryAsync<ChangeRow>(
        "ListChangesOfSubscriptions", new { seq = message.Seq, action = AuditActions.ChangeSubscription, since = message.DecidedAt ?? long.MaxValue });

    // A success has the endpoint of its subscription; where that has been changed since, the first change says what it was before.
    private static TimelineEvent WithUrlOfItsTime(TimelineEvent success, IReadOnlyList<ChangeRow> changes) => success.Url is null ? success : success with
    {
        Url = changes.Where(change => change.Subscription == success.Subscription && MessageRow.Time(change.At) >= success.At)
            .Select(change => AuditDetail.EndpointBefore(change.Detail)).FirstOrDefault(endpoint => endpoint is not null) ?? success.Url,
    };

    private static TimelineEvent Decided(MessageRow message, long at) => new()
    {
        At = MessageRow.Time(at),
        Kind = message.MessageState.ToWire(),
        By = ((VerdictSource)message.DecidedBy!.Value).ToWire(),
        Reason = message.Reason,
    };

    // A delivery's row knows of its last end only. What an operator redelivered or discarded was a dead letter since the attempt before,
    // unless that was a success.
    private static IEnumerable<TimelineEvent> DeadLetteredBefore(ActionRow action, IReadOnlyList<AttemptRow> attempts)
    {
        if (action.Action is not (AuditActions.Redeliver or AuditActions.Discard)) yield break;
        if (attempts.LastOrDefault(attempt => attempt.Subscription == action.Subscription && attempt.At <= action.At) is { Outcome: not "delivered" } last)
            yield return new() { At = MessageRow.Time(last.At + last.LatencyMs), Kind = DeliveryState.DeadLettered.ToWire(), Subscription = last.Subscription };
    }

    // A success stands in its delivery, not in an attempt of its own.
    private static IEnumerable<TimelineEvent> Finished(DeliveryOfMessageRow delivery)
    {
        if (delivery.DeliveryState == DeliveryState.Delivered && delivery.LastAttemptAt is { } deliveredAt)
        {
            yield return new TimelineEvent
            {
                At = MessageRow.Time(deliveredAt),
                Kind = "deliveryAttempt",
                Subscription = delivery.Subscription,
                Attempt = delivery.Attempts,
                Url = delivery.Endpoint,
                Outcome = "delivered",
                Status = delivery.LastStatus,
                LatencySeconds = delivery.LastLatencyMs / 1000.0,
            };
        }
        else if (delivery.DeliveryState is DeliveryState.DeadLettered or DeliveryState.Discarded && delivery.FinishedAt is { } finishedAt)
        {
            yield return new TimelineEvent { At = MessageRow.Time(finishedAt), Kind = delivery.DeliveryState.ToWire(), Subscription = delivery.Subscription };
        }
    }

    private sealed class CheckBackRow
    {
        public int Attempt { get; init; }

        public long At { get; init; }

        public string Url { get; init; } = "";

        public int? Status { get; init; }

        public long LatencyMs { get; init; }

        public string Answer { get; init; } = "";

        public string? Error { get; init; }

        public TimelineEvent ToEvent() => new()
        {
            At = MessageRow.Time(At),
            Kind = "checkBack",
            Attempt = Attempt,
            Url = Url,
            Status = Status,
            LatencySeconds = LatencyMs / 1000.0,
            Answer = Answer,
            Error = Error,
        };
    }

    private sealed class AttemptRow
    {
        public string Subscription { get; init; } = "";

        public int Attempt { get; init; }

        public long At { get; init; }

        public string Endpoint { get; init; } = "";

        public string Outcome { get; init; } = "";

        public int? Status { get; init; }

        public long LatencyMs { get; init; }

        public string? Error { get; init; }

        public TimelineEvent ToEvent() => new()
        {
            At = MessageRow.Time(At),
            Kind = "deliveryAttempt",
            Subscription = Subscription,
            Attempt = Attempt,
            Url = Endpoint,
            Outcome = Outcome,
            Status = Status,
            LatencySeconds = LatencyMs / 1000.0,
            Error = Error,
        };
    }

    private sealed class ChangeRow
    {
        public string Subscription { get; init; } = "";

        public long At { get; init; }

        public string? Detail { get; init; }
    }

    private sealed class ActionRow
    {
        public long At { get; init; }

        public string Actor { get; init; } = "";

        public string Action { get; init; } = "";

        /// <summary>Null for what was done to the message itself.</summary>
        public string? Subscription { get; init; }

        public string? Reason { get; init; }

        public TimelineEvent ToEvent() => new() { At = MessageRow.Time(At), Kind = "operatorAction", Subscription = Subscription, By = Actor, Action = Action, Reason = Reason };
    }
}
