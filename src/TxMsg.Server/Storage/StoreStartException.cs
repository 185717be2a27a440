namespace TxMsg.Server.Storage;

/// <summary>The store cannot be used as it is configured; the message is one clear line for the operator.</summary>
public sealed class StoreStartException : Exception
{
    /// <summary>With the line to show.</summary>
    public StoreStartException(string message)
        : base(message)
    {
    }

    /// <summary>With the line to show and what was caught.</summary>
    public StoreStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
