namespace TxMsg.Contracts.Operations;

/// <summary>How many dead letters a subscription has.</summary>
public sealed record DeadLetterTotal
{
    /// <summary>The subscription.</summary>
    public required string Subscription { get; init; }

    /// <summary>All of them.</summary>
    public required long Count { get; init; }

    /// <summary>So many of the newest were looked at for the groups.</summary>
    public required long Grouped { get; init; }
}
