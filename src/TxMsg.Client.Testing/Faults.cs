using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Testing;

/// <summary>A call to the coordinator, alone or as a batch.</summary>
public enum CallKind
{
    /// <summary>Storing half messages.</summary>
    Prepare,

    /// <summary>Sending ordinary messages.</summary>
    Send,

    /// <summary>The verdict commit.</summary>
    Commit,

    /// <summary>The verdict rollback.</summary>
    Rollback,

    /// <summary>Verdicts in a batch.</summary>
    Decide,

    /// <summary>Looking a message up.</summary>
    Find,

    /// <summary>Registering a producer or a subscription.</summary>
    Register,
}

/// <summary>What goes wrong next between a client and the coordinator. Not safe for concurrent use.</summary>
internal sealed class Faults
{
    private readonly List<(CallKind? Call, bool ActsFirst)> next = [];

    public void Add(CallKind? call, bool actsFirst, int times) => next.AddRange(Enumerable.Repeat((call, actsFirst), times));

    /// <summary>Makes a call, with whatever goes wrong.</summary>
    /// <exception cref="CoordinatorUnavailableException">It was to fail.</exception>
    public T Call<T>(CallKind call, bool isOffline, Func<T> act)
    {
        if (isOffline) throw new CoordinatorUnavailableException("The coordinator is offline.");
        var found = next.FindIndex(fault => fault.Call is null || fault.Call == call);
        if (found < 0) return act();
        var actsFirst = next[found].ActsFirst;
        next.RemoveAt(found);
        if (actsFirst) Act(act);
        throw new CoordinatorUnavailableException(actsFirst ? "The answer was lost." : "The call failed.");
    }

    private static void Act<T>(Func<T> act)
    {
        try
        {
            act();
        }
        catch (CoordinatorRefusedException)
        {
            // The refusal is the answer that is lost.
        }
    }
}
