using TxMsg.Contracts;

namespace TxMsg.Server.Transactions;

/// <summary>What was decided about a half message.</summary>
public enum Verdict
{
    /// <summary>The local transaction committed.</summary>
    Commit,

    /// <summary>The local transaction rolled back.</summary>
    Rollback,
}

/// <summary>Verdicts in the words of the wire.</summary>
public static class VerdictNames
{
    /// <summary>The verdict's name in JSON.</summary>
    public static string ToWire(this Verdict verdict) => verdict == Verdict.Commit ? Verdicts.Commit : Verdicts.Rollback;

    /// <summary>The verdict of a name in JSON, or null.</summary>
    public static Verdict? Parse(string? name) => name switch
    {
        Verdicts.Commit => Verdict.Commit,
        Verdicts.Rollback => Verdict.Rollback,
        _ => null,
    };
}
