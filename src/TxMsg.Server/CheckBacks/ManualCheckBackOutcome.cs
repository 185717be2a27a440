namespace TxMsg.Server.CheckBacks;

/// <summary>What came of asking for a check-back by hand.</summary>
public enum ManualCheckBackOutcome
{
    /// <summary>The producer is asked, for this call or for an earlier one that is not answered yet.</summary>
    Asked,

    /// <summary>The message is not undecided any more.</summary>
    Decided,

    /// <summary>Too many such questions have no answer yet, or the server stops; nothing was stored.</summary>
    Full,
}
