namespace TxMsg.Client.Consuming;

/// <summary>Whether a delivery may be handled in a transaction.</summary>
public enum InboxEntry
{
    /// <summary>Handle it: nobody else will, if this transaction commits.</summary>
    Entered,

    /// <summary>It was handled before. Roll back, and acknowledge.</summary>
    Duplicate,

    /// <summary>Another transaction handles it and took too long. Roll back, and have it delivered again.</summary>
    Busy,
}
