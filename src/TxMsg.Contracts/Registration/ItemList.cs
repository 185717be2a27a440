namespace TxMsg.Contracts.Registration;

/// <summary>All items of a kind.</summary>
/// <typeparam name="T">What the items are.</typeparam>
public sealed record ItemList<T>
{
    /// <summary>The items.</summary>
    public required IReadOnlyList<T> Items { get; init; }
}
