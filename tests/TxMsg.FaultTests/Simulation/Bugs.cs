using TxMsg.Server.Storage;

namespace TxMsg.FaultTests.Simulation;

/// <summary>What is made wrong on purpose, to see that it is found.</summary>
internal enum Bug
{
    None,

    /// <summary>Callers are answered before anything is durable.</summary>
    AnswersTooSoon,

    /// <summary>What a dead node held is never taken over.</summary>
    LosesClaims,

    /// <summary>Leases in force are taken away.</summary>
    StealsClaims,

    /// <summary>Half messages go out as committed ones do, to a subscription of another topic at that.</summary>
    DeliversUndecided,

    /// <summary>A later verdict takes the place of an earlier one.</summary>
    OverwritesVerdicts,

    /// <summary>Nobody waits for those before in its ordering key.</summary>
    ForgetsOrder,

    /// <summary>Failed attempts are not kept.</summary>
    LosesAttempts,
}

/// <summary>The statements with a bug in them.</summary>
internal static class Bugs
{
    private static readonly SqlCatalogue Right = SqlCatalogue.Load("sqlite");

    public static SqlCatalogue Plant(Bug bug) => bug switch
    {
        Bug.LosesClaims => Change(Change(Right, "CountExpiredLeases", "due_at <= @now", "due_at < 0"), "ReleaseAllLeases", "WHERE state = 1", "WHERE state = 9"),
        Bug.StealsClaims => Change(Change(Right, "ReleaseExpiredLeases", "due_at <= @now ORDER", "due_at <= @now + 20000 ORDER"), "CountExpiredLeases", "@now", "@now + 20000"),
        Bug.DeliversUndecided => Right.With("InsertMessageContents", Right["InsertMessageContents"] + " INSERT INTO deliveries (message_seq, subscription_id, state, due_at) SELECT seq, 1, 0, prepared_at FROM messages WHERE seq = @message_seq AND state = 0 AND topic <> 'topic-0';"),
        Bug.OverwritesVerdicts => Change(Right, "DecideMessages", "state IN (0, 1)", "state <> @state"),
        Bug.ForgetsOrder => Change(Right, "InsertDeliveries", "@due_at, @lease", "CASE WHEN @due_at = 253402300799999 THEN 0 ELSE @due_at END, @lease"),
        Bug.LosesAttempts => Right.With("InsertDeliveryAttempts", "UPDATE deliveries SET attempts = attempts WHERE FALSE AND id = @delivery_id;"),
        _ => Right,
    };

    private static SqlCatalogue Change(SqlCatalogue sql, string name, string from, string to)
    {
        var text = sql[name];
        if (!text.Contains(from, StringComparison.Ordinal)) throw new InvalidOperationException($"{name} has no '{from}' any more: plant the bug elsewhere.");
        return sql.With(name, text.Replace(from, to, StringComparison.Ordinal));
    }
}
