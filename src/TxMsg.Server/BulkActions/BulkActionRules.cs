using TxMsg.Contracts;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;
using TxMsg.Server.Undecided;

namespace TxMsg.Server.BulkActions;

/// <summary>What a bulk action may be asked for. What cannot be meant is refused by the field's name: too many messages would be touched otherwise.</summary>
public static class BulkActionRules
{
    /// <summary>Most message ids.</summary>
    public const int MaxIds = 1000;

    /// <summary>Highest rate.</summary>
    public const int MaxPerSecond = 1000;

    private const string NotForThisKind = "Not for this kind.";
    private const string NotBesideIds = "Message ids stand alone.";

    /// <summary>What is asked for; null when something is wrong with it, then <paramref name="errors"/> says what.</summary>
    /// <param name="request">The body.</param>
    /// <param name="registry">The names that it may use.</param>
    /// <param name="needsReason">Whether it is to be done, not only counted.</param>
    /// <param name="errors">What is wrong.</param>
    public static BulkActionPlan? Check(BulkActionRequest request, RegistrySnapshot registry, bool needsReason, FieldErrors errors)
    {
        Reasons.Check(request.Reason, errors);
        if (needsReason && string.IsNullOrWhiteSpace(request.Reason)) errors.Add("reason", "This field is required.");
        if (request.PerSecond is < 1 or > MaxPerSecond) errors.Add("perSecond", $"A whole number from 1 to {MaxPerSecond}.");
        if (BulkActionKindNames.Parse(request.Kind) is not { } kind)
        {
            errors.Add("kind", "One of redeliver, discard, checkBack, commit, rollback.");
            return null;
        }

        CheckFields(kind, request.Filter, errors);
        CheckValues(request.Filter, errors);
        var (subscriptionId, producerId) = Resolve(kind, request.Filter, registry, errors);
        return errors.IsEmpty
            ? new BulkActionPlan(kind, request.Filter, subscriptionId, producerId, request.PerSecond ?? kind.DefaultPerSecond(), request.Counted)
            : null;
    }

    private static void CheckFields(BulkActionKind kind, BulkActionFilter filter, FieldErrors errors)
    {
        var criteria = new (string Name, bool IsGiven, bool IsOfDeadLetters)[]
        {
            ("error", filter.Error is not null, true), ("lastStatus", filter.LastStatus is not null, true),
            ("deadLetteredBefore", filter.DeadLetteredBefore is not null, true), ("deadLetteredAfter", filter.DeadLetteredAfter is not null, true),
            ("state", filter.State is not null, false), ("producer", filter.Producer is not null, false),
            ("topic", filter.Topic is not null, false), ("olderThanSeconds", filter.OlderThanSeconds is not null, false),
        };
        foreach (var (name, _, isOfDeadLetters) in criteria.Where(field => field.IsGiven))
        {
            if (isOfDeadLetters != kind.IsOfDeadLetters()) errors.Add("filter." + name, NotForThisKind);
            else if (filter.MessageIds is not null) errors.Add("filter." + name, NotBesideIds);
        }

        if (filter.Subscription is not null && !kind.IsOfDeadLetters()) errors.Add("filter.subscription", NotForThisKind);
        // A verdict is final: "everything" is too easily asked for by leaving something out.
        if (kind is BulkActionKind.Commit or BulkActionKind.Rollback && filter.Producer is null && filter.Topic is null && filter.MessageIds is null)
            errors.Add("filter", "A producer, a topic or message ids are required.");
    }

    private static void CheckValues(BulkActionFilter filter, FieldErrors errors)
    {
        if (filter.Error is { } error && (error.Length == 0 || error.Length > Reasons.MaxLength)) errors.Add("filter.error", $"1 to {Reasons.MaxLength} characters.");
        if (filter.LastStatus is < 100 or > 999) errors.Add("filter.lastStatus", "An HTTP status.");
        if (filter.DeadLetteredAfter >= filter.DeadLetteredBefore) errors.Add("filter.deadLetteredBefore", "Later than deadLetteredAfter.");
        if (filter.State is not (null or MessageStates.Prepared or MessageStates.Parked)) errors.Add("filter.state", "One of prepared, parked.");
        PrepareRules.CheckText("filter.topic", filter.Topic, errors);
        PrepareRules.CheckSeconds("filter.olderThanSeconds", filter.OlderThanSeconds, 0, UndecidedRules.MaxAgeSeconds, errors);
        if (filter.MessageIds is { Count: 0 or > MaxIds }) errors.Add("filter.messageIds", $"1 to {MaxIds} ids.");
    }

    private static (long? SubscriptionId, long? ProducerId) Resolve(BulkActionKind kind, BulkActionFilter filter, RegistrySnapshot registry, FieldErrors errors)
    {
        var subscription = kind.IsOfDeadLetters() && !string.IsNullOrEmpty(filter.Subscription) ? registry.FindSubscription(filter.Subscription) : null;
        if (kind.IsOfDeadLetters() && string.IsNullOrEmpty(filter.Subscription)) errors.Add("filter.subscription", "This field is required.");
        else if (kind.IsOfDeadLetters() && subscription is null) errors.Add("filter.subscription", $"There is no subscription {filter.Subscription}.");
        var producer = filter.Producer is null ? null : registry.FindProducer(filter.Producer);
        if (filter.Producer is not null && producer is null) errors.Add("filter.producer", $"There is no producer {filter.Producer}.");
        return (subscription?.Id, producer?.Id);
    }
}
