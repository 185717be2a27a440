namespace TxMsg.Contracts.Messages;

/// <summary>A page of messages, newest first.</summary>
public sealed record MessageList(IReadOnlyList<MessageResource> Items, string? NextCursor)
{
    /// <summary>The messages.</summary>
    public IReadOnlyList<MessageResource> Items { get; init; } = Items;

    /// <summary>Give it back as <c>cursor</c> for the next page; none on the last.</summary>
    public string? NextCursor { get; init; } = NextCursor;
}
