namespace TxMsg.Contracts.Messages;

/// <summary>Body of the coordinator's signed request to a producer: what is the verdict of this half message?
/// Expected: 200 and <c>{"verdict":"commit"|"rollback"|"unknown"}</c>.</summary>
public sealed record CheckBackRequest
{
    /// <summary>The message.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who sent it: the one who is asked.</summary>
    public required string Producer { get; init; }

    /// <summary>Its topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Its business key.</summary>
    public string? Key { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset PreparedAt { get; init; }

    /// <summary>How often it has been asked about, this time included: 1, 2, ...</summary>
    public required int Attempt { get; init; }
}
