namespace TxMsg.Contracts.Operations;

/// <summary>What a bulk action does to each of its messages.</summary>
public static class BulkActionKinds
{
    /// <summary>Tries dead letters again, their schedules beginning anew.</summary>
    public const string Redeliver = "redeliver";

    /// <summary>Gives dead letters up.</summary>
    public const string Discard = "discard";

    /// <summary>Asks the producers of undecided messages now.</summary>
    public const string CheckBack = "checkBack";

    /// <summary>Commits undecided messages.</summary>
    public const string Commit = "commit";

    /// <summary>Rolls undecided messages back.</summary>
    public const string Rollback = "rollback";
}
