namespace TxMsg.FaultTests.Simulation;

/// <summary>What a history consists of.</summary>
internal enum StepKind
{
    /// <summary>A producer begins to send a message.</summary>
    Send,

    /// <summary>Time passes.</summary>
    Wait,

    /// <summary>A node dies, now or around its next commit, and comes back later.</summary>
    Crash,

    /// <summary>A node stops in good order, and comes back later.</summary>
    Shutdown,

    /// <summary>A node is suspended, and goes on later.</summary>
    Suspend,

    /// <summary>One of the next transactions of a node fails.</summary>
    StoreFault,

    /// <summary>A consumer or a producer answers otherwise from now on.</summary>
    Weather,

    /// <summary>A subscription is paused.</summary>
    Pause,

    /// <summary>A subscription is resumed.</summary>
    Resume,

    /// <summary>The dead letters of a subscription are sent again.</summary>
    Redeliver,

    /// <summary>What waits for a retry of a subscription is tried now.</summary>
    RetryNow,

    /// <summary>The dead letters of a subscription are given up.</summary>
    Discard,

    /// <summary>An operator decides about a message, whatever its producer thinks.</summary>
    Decide,

    /// <summary>An operator has a producer asked now.</summary>
    CheckBack,
}

/// <summary>One step. What its numbers mean depends on its kind; they are taken modulo what there is, so that a step stays possible
/// when others are taken away.</summary>
internal readonly record struct Step(StepKind Kind, int A, int B, int C)
{
    public override string ToString() => $"{Kind}({A}, {B}, {C})";
}
