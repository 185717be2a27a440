namespace TxMsg.Client.Coordinator;

/// <summary>What became of one message of a batch.</summary>
/// <param name="Id">The message.</param>
/// <param name="Status">The HTTP status it would have had alone.</param>
/// <param name="State">Its state, where it is known.</param>
/// <param name="Problem">Why it was refused, if it was.</param>
public sealed record MessageResult(Guid Id, int Status, string? State, string? Problem)
{
    /// <summary>Whether it was taken.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;
}
