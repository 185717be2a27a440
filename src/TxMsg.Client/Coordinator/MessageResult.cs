using System.Collections.ObjectModel;

namespace TxMsg.Client.Coordinator;

/// <summary>What became of one message of a batch.</summary>
/// <param name="Id">The message.</param>
/// <param name="Status">The HTTP status it would have had alone.</param>
/// <param name="State">Its state, where it is known.</param>
/// <param name="Problem">Why it was refused, if it was.</param>
public sealed record MessageResult(Guid Id, int Status, string? State, string? Problem)
{
    /// <summary>What is wrong, by field; empty where no field is.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = ReadOnlyDictionary<string, string[]>.Empty;

    /// <summary>Whether it was taken.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;
}
