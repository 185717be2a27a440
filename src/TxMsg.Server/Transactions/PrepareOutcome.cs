namespace TxMsg.Server.Transactions;

/// <summary>What became of a prepare.</summary>
public enum PrepareOutcome
{
    /// <summary>Stored.</summary>
    Created,

    /// <summary>The same message was there already.</summary>
    Existing,

    /// <summary>The id is taken by other content.</summary>
    Conflict,
}
