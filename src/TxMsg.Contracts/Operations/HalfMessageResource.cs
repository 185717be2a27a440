namespace TxMsg.Contracts.Operations;

/// <summary>A half message in short.</summary>
public sealed record HalfMessageResource
{
    /// <summary>The message.</summary>
    public required Guid Id { get; init; }

    /// <summary>The producer.</summary>
    public required string Producer { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>When it was prepared.</summary>
    public required DateTimeOffset PreparedAt { get; init; }
}
