namespace TxMsg.Contracts.Operations;

/// <summary>A delivery whose attempts are exhausted.</summary>
public sealed record DeadLetterResource
{
    /// <summary>The message.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The subscription.</summary>
    public required string Subscription { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The producer.</summary>
    public required string Producer { get; init; }

    /// <summary>The message's key.</summary>
    public string? Key { get; init; }

    /// <summary>The message's tag.</summary>
    public string? Tag { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>The HTTP status of the last attempt, if there was an answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong in the last attempt.</summary>
    public string? LastError { get; init; }

    /// <summary>When it became a dead letter.</summary>
    public required DateTimeOffset DeadLetteredAt { get; init; }
}
