namespace TxMsg.Contracts.Operations;

/// <summary>A node that is alive, as a producer sees it: where it can be called.</summary>
public sealed record NodeAddresses
{
    /// <summary>Its id, made when it started.</summary>
    public required Guid Id { get; init; }

    /// <summary>The address it was configured to announce, or those where it listens.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary><c>alive</c>.</summary>
    public required string State { get; init; }
}
