namespace TxMsg.FaultTests.Simulation;

/// <summary>What was seen from outside of the coordinator, in the order in which it was seen.</summary>
internal sealed class Recorder(SimClock clock)
{
    private int moments;

    public List<SimMessage> Messages { get; } = [];

    /// <summary>Deliveries on the wire.</summary>
    public List<Attempt> Attempts { get; } = [];

    /// <summary>Check-backs on the wire.</summary>
    public List<Attempt> CheckBacks { get; } = [];

    /// <summary>When a node died, was suspended, or its store failed: what it was doing may be done again.</summary>
    public List<(int Moment, int Node, string What)> Interruptions { get; } = [];

    /// <summary>When dead letters of a subscription were sent again or given up.</summary>
    public List<(int Moment, string Subscription)> Mendings { get; } = [];

    public List<Violation> Violations { get; } = [];

    public int NextMoment() => ++moments;

    public void Interrupted(SimNode node, string what) => Interruptions.Add((NextMoment(), node.Number, what));

    public void Mended(string subscription) => Mendings.Add((NextMoment(), subscription));

    public void Violated(string rule, string what)
    {
        if (Violations.Count < 20) Violations.Add(new Violation(rule, $"at {clock.Elapsed}: {what}"));
    }

    /// <summary>A request is on its way.</summary>
    public Attempt Sent(Call call, SimMessage message, string peer, int number, Fate fate, bool isCheckBack)
    {
        var attempt = new Attempt(NextMoment(), call.Node.Number, call.Node.Life, peer, message, number, fate);
        (isCheckBack ? CheckBacks : Attempts).Add(attempt);
        return attempt;
    }

    /// <summary>Somebody was told what the verdict of a message is: from then on it is that.</summary>
    public void Told(SimMessage message, bool isCommit, string by)
    {
        if (message.ToldVerdict is { } told && told != isCommit) Violated("I3", $"{by} was told that {message} is {Words(isCommit)}; it had been said to be {Words(told)}");
        message.ToldVerdict ??= isCommit;
        if (isCommit) message.CommitToldAt ??= NextMoment();
    }

    private static string Words(bool isCommit) => isCommit ? "committed" : "rolled back";
}

/// <summary>A rule that was broken.</summary>
internal sealed record Violation(string Rule, string What)
{
    public override string ToString() => $"{Rule} {What}";
}

/// <summary>A request on the wire.</summary>
internal sealed class Attempt(int moment, int node, int life, string peer, SimMessage message, int number, Fate fate)
{
    public int Moment { get; } = moment;

    public int Node { get; } = node;

    public int Life { get; } = life;

    public string Peer { get; } = peer;

    public SimMessage Message { get; } = message;

    /// <summary>As the request says: 1, 2, ...</summary>
    public int Number { get; } = number;

    public Fate Fate { get; } = fate;

    /// <summary>What a producer answered.</summary>
    public string? Verdict { get; set; }

    /// <summary>When the node had the answer, if it lived to have it.</summary>
    public int? AnsweredAt { get; set; }

    public override string ToString() => $"attempt {Number} of {Message} to {Peer} from node {Node}.{Life} ({Fate})";
}

/// <summary>A message, as its producer knows it.</summary>
internal sealed class SimMessage(int index, Guid id)
{
    public int Index { get; } = index;

    public Guid Id { get; } = id;

    public required int Producer { get; init; }

    public required string Topic { get; init; }

    public required string? Tag { get; init; }

    public required string? OrderingKey { get; init; }

    public required TimeSpan Delay { get; init; }

    public required bool IsOrdinary { get; init; }

    public required byte[] Payload { get; init; }

    /// <summary>Whether its answers to check-backs are worth nothing.</summary>
    public required bool IsLiar { get; init; }

    public bool IsPrepared { get; set; }

    /// <summary>What the local transaction came to, when it has ended.</summary>
    public bool? Local { get; set; }

    /// <summary>Whether anybody ever asked for a commit.</summary>
    public bool CommitAsked { get; set; }

    /// <summary>Whether anybody ever asked for a rollback.</summary>
    public bool RollbackAsked { get; set; }

    /// <summary>The verdict that somebody was told is recorded.</summary>
    public bool? ToldVerdict { get; set; }

    public int? CommitToldAt { get; set; }

    /// <summary>Before the first request that could commit it.</summary>
    public int? CommitAskedAt { get; set; }

    /// <summary>Whether its producer still has something to do.</summary>
    public bool IsBusy { get; set; } = true;

    public override string ToString() => $"message {Index}";
}
