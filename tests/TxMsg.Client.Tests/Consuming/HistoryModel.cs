namespace TxMsg.Client.Tests.Consuming;

/// <summary>How the handling of a delivery ends.</summary>
internal enum Ending
{
    Commit,
    Retry,
    Reject,
    Throw,

    /// <summary>The connection is gone before the commit: so the commit fails, and the server rolls back.</summary>
    Crash,

    /// <summary>The transaction did commit, but the call that commits fails: the answer is lost.</summary>
    CommitUnheard,
}

/// <summary>Which steps are possible when: one delivery is being handled, others arrive and wait, and one of them takes its place when it ends
/// without a commit. Deliveries are alike, so which of them arrives first is not varied.</summary>
internal sealed class HistoryModel(int deliveries, Ending[] endings)
{
    /// <summary>A delivery arrives.</summary>
    public const int Arrive = -1;

    /// <summary>The delivery that is being handled does its work.</summary>
    public const int Work = -2;

    /// <summary>All complete histories. Zero or more: how the one that is being handled ends, by its place in the endings.</summary>
    public IEnumerable<int[]> Paths() => Paths([], new State(deliveries, 0, IsHandling: false, HasWorked: false, IsDone: false));

    private IEnumerable<int[]> Paths(int[] path, State state)
    {
        var steps = Steps(state).ToArray();
        return steps.Length == 0 ? [path] : steps.SelectMany(step => Paths([.. path, step], After(state, step)));
    }

    private IEnumerable<int> Steps(State state)
    {
        if (state.Idle > 0) yield return Arrive;
        if (!state.IsHandling) yield break;
        if (!state.HasWorked) yield return Work;
        else for (var i = 0; i < endings.Length; i++) yield return i;
    }

    private State After(State state, int step) => step switch
    {
        // What arrives after the commit is a duplicate at once.
        Arrive when state.IsDone => state with { Idle = state.Idle - 1 },
        Arrive when state.IsHandling => state with { Idle = state.Idle - 1, Waiting = state.Waiting + 1 },
        Arrive => state with { Idle = state.Idle - 1, IsHandling = true },
        Work => state with { HasWorked = true },
        _ when endings[step] is Ending.Commit or Ending.CommitUnheard => state with { IsHandling = false, HasWorked = false, IsDone = true, Waiting = 0 },
        _ when state.Waiting > 0 => state with { HasWorked = false, Waiting = state.Waiting - 1 },
        _ => state with { IsHandling = false, HasWorked = false },
    };

    private sealed record State(int Idle, int Waiting, bool IsHandling, bool HasWorked, bool IsDone);
}
