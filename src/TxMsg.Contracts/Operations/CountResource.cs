namespace TxMsg.Contracts.Operations;

/// <summary>How many an action touched.</summary>
public sealed record CountResource
{
    /// <summary>The number.</summary>
    public required long Count { get; init; }
}
