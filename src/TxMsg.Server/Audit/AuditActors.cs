namespace TxMsg.Server.Audit;

/// <summary>Who acts without a request; the others are the names of callers.</summary>
public static class AuditActors
{
    /// <summary>TxMsg itself: an endpoint answered that it is gone, say.</summary>
    public const string TxMsg = "txmsg";

    /// <summary>What the configuration declares, at start.</summary>
    public const string Configuration = "configuration";
}
