namespace TxMsg.Client.Producing;

/// <summary>What a producer answers to a check-back.</summary>
public enum CheckBackAnswer
{
    /// <summary>The local transaction may be in flight: ask again.</summary>
    Unknown,

    /// <summary>The local transaction is committed.</summary>
    Commit,

    /// <summary>The local transaction can never commit any more.</summary>
    Rollback,
}
