namespace TxMsg.Server.CheckBacks;

/// <summary>What a producer answered to a check-back.</summary>
public enum CheckBackAnswer
{
    /// <summary>The local transaction committed.</summary>
    Commit,

    /// <summary>The local transaction rolled back.</summary>
    Rollback,

    /// <summary>The local transaction is still running.</summary>
    Unknown,

    /// <summary>No answer that could be read: never a verdict, and never counted as <see cref="Unknown"/>.</summary>
    Unreachable,
}

/// <summary>Answers in the words of the wire.</summary>
public static class CheckBackAnswerNames
{
    /// <summary>The answer's name in JSON.</summary>
    public static string ToWire(this CheckBackAnswer answer) => answer switch
    {
        CheckBackAnswer.Commit => "commit",
        CheckBackAnswer.Rollback => "rollback",
        CheckBackAnswer.Unknown => "unknown",
        _ => "unreachable",
    };
}
