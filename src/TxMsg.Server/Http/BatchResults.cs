using System.Text.Json.Serialization;

namespace TxMsg.Server.Http;

/// <summary>Answer of the batch calls, in the order of the request.</summary>
public sealed record BatchResults(IReadOnlyList<BatchResult> Results);

/// <summary>What became of one item; each is judged alone.</summary>
public sealed record BatchResult
{
    /// <summary>The message; none where the item was too wrong to have one.</summary>
    public Guid? Id { get; init; }

    /// <summary>The HTTP status that the item alone would have got.</summary>
    public required int Status { get; init; }

    /// <summary>The message's state, where it is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }

    /// <summary>What was wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Problem? Problem { get; init; }
}
