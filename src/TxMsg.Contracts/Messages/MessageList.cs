using System.Text.Json.Serialization;

namespace TxMsg.Contracts.Messages;

/// <summary>A page of messages, newest first.</summary>
public sealed record MessageList(IReadOnlyList<MessageResource> Items, string? NextCursor)
{
    /// <summary>The messages. A search looks at some thousands of them at a time, so there may be fewer than asked for, or none, and a
    /// next page all the same.</summary>
    public IReadOnlyList<MessageResource> Items { get; init; } = Items;

    /// <summary>Back to which time everything has been looked at; none when that is all there is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SearchedTo { get; init; }

    /// <summary>Give it back as <c>cursor</c> for the next page; none on the last.</summary>
    public string? NextCursor { get; init; } = NextCursor;
}
