namespace TxMsg.Contracts;

/// <summary>What a producer decides about a half message, or answers to a check-back.</summary>
public static class Verdicts
{
    /// <summary>The local transaction is durably committed.</summary>
    public const string Commit = "commit";

    /// <summary>The local transaction rolled back and can never commit any more.</summary>
    public const string Rollback = "rollback";

    /// <summary>Answer to a check-back only: the local transaction is still running.</summary>
    public const string Unknown = "unknown";
}
