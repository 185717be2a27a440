namespace TxMsg.Contracts.Operations;

/// <summary>The states of a bulk action.</summary>
public static class BulkActionStates
{
    /// <summary>Waits for its turn: a few run at once.</summary>
    public const string Waiting = "waiting";

    /// <summary>Is worked off.</summary>
    public const string Running = "running";

    /// <summary>Everything that it was about has been looked at.</summary>
    public const string Finished = "finished";

    /// <summary>Somebody ended it; what was done stays done.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>It could not go on; <see cref="BulkActionResource.Error"/> says why. What was done stays done.</summary>
    public const string Failed = "failed";
}
