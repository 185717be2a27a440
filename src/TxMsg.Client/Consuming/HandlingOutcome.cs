namespace TxMsg.Client.Consuming;

/// <summary>What became of a delivery.</summary>
internal enum HandlingOutcome
{
    Handled,
    Duplicate,
    Retried,
    Rejected,
    Failed,
    Busy,
    Stopped,
    Tested,
}

internal static class HandlingOutcomes
{
    /// <summary>The result of a handler; one that gives none has failed.</summary>
    public static async Task<HandlingResult> AskAsync(Task<HandlingResult> handling) =>
        await handling.ConfigureAwait(false) ?? throw new InvalidOperationException("The handler gave no result.");

    /// <summary>What a handler's result makes of its delivery.</summary>
    public static HandlingOutcome Of(HandlingResult result) => result.Kind switch
    {
        HandlingResultKind.Acknowledge => HandlingOutcome.Handled,
        HandlingResultKind.Retry => HandlingOutcome.Retried,
        _ => HandlingOutcome.Rejected,
    };
}
