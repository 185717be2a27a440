using TxMsg.Contracts.Operations;

namespace TxMsg.Server.Audit;

/// <summary>A row of <c>operator_actions</c> with the names of what it is about.</summary>
public sealed class AuditRow
{
    // A deleted subscription is renamed to name~id, so that its name is free again.
    private const char MarkOfTheDeleted = '~';

    public long Id { get; init; }

    public long At { get; init; }

    public string Actor { get; init; } = "";

    public string Action { get; init; } = "";

    public byte[]? MessageId { get; init; }

    public string? Producer { get; init; }

    public string? Subscription { get; init; }

    public string? Reason { get; init; }

    public string? Detail { get; init; }

    /// <summary>The message, if the row is about one.</summary>
    public Guid? Message => MessageId is null ? null : new Guid(MessageId, bigEndian: true);

    /// <summary>The name that the subscription has, or had until it was deleted.</summary>
    public string? SubscriptionName => Subscription?.Split(MarkOfTheDeleted)[0];

    public AuditEntryResource ToResource() => new()
    {
        At = DateTimeOffset.FromUnixTimeMilliseconds(At),
        Actor = Actor,
        Action = Action,
        MessageId = Message,
        Producer = Producer,
        Subscription = SubscriptionName,
        Reason = Reason,
        Detail = Detail,
    };
}
