namespace TxMsg.Contracts.Operations;

/// <summary>Dead letters of a subscription that failed alike.</summary>
public sealed record DeadLetterGroup
{
    /// <summary>The subscription.</summary>
    public required string Subscription { get; init; }

    /// <summary>The HTTP status of their last attempts, if there was an answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong, with <c>#</c> in the place of numbers and ids: what <c>error</c> asks for.</summary>
    public required string Error { get; init; }

    /// <summary>How many there are among those that were looked at.</summary>
    public required long Count { get; init; }

    /// <summary>When the first of them became a dead letter.</summary>
    public required DateTimeOffset OldestAt { get; init; }

    /// <summary>When the last of them became one.</summary>
    public required DateTimeOffset NewestAt { get; init; }

    /// <summary>The newest of them.</summary>
    public required Guid ExampleMessageId { get; init; }
}
