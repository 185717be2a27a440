using Microsoft.Data.Sqlite;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Retention;
using TxMsg.Server.Subscriptions;

namespace TxMsg.FaultTests.Simulation;

/// <summary>The end of a history: everything heals, and what is left is worked off.</summary>
internal sealed partial class World
{
    // Longer than any pause of a schedule, a back-off or a lease.
    private static readonly TimeSpan HealingStep = TimeSpan.FromSeconds(15);
    private const int MaxHealingSteps = 40;

    private bool isOver;

    /// <summary>How long the history took in its own time, until it had healed.</summary>
    public TimeSpan Lasted { get; private set; }

    /// <summary>Deliveries that ended as dead letters, kept or given up.</summary>
    public int DeadLetters { get; private set; }

    /// <summary>Runs the history and looks at what came of it.</summary>
    public IReadOnlyList<Violation> Run()
    {
        file.Reset(History.Producers, History.Subscriptions);
        for (var number = 0; number < nodes.Length; number++) Begin(number);
        foreach (var step in History.Steps) Do(step);
        Heal();
        using (var connection = file.Open())
        {
            var outcome = Outcome.Read(connection);
            DeadLetters = outcome.Deliveries.Count(row => row.State is 3 or 4);
            new Judge(this, outcome).Look();
        }

        Lasted = Clock.Elapsed;
        if (Recorder.Violations.Count == 0) PurgeAll();
        escaped |= nodes.OfType<SimNode>().Any(node => node.Thread.Escaped);
        if (escaped) Recorder.Violated("simulation", "the server went on on a thread of its own");
        return Recorder.Violations;
    }

    private void Heal()
    {
        isHealed = true;
        Array.Clear(weather);
        foreach (var node in Alive) node.Store.Arm(StoreFault.None, 0);
        for (var i = 0; i < MaxHealingSteps; i++)
        {
            Pass(HealingStep);
            var left = Left();
            if (left.Length == 0) return;
            Help();
            if (i == MaxHealingSteps - 1) Recorder.Violated("I5", $"the backlog does not drain: {left}");
        }
    }

    // What an operator does: resumes what was paused, asks about what is parked.
    private void Help()
    {
        if (AnyNode(0) is not { } node) return;
        for (var i = 0; i < History.Subscriptions; i++)
        {
            var name = $"subscription-{i}";
            Guard(node, () => node.Get<SubscriptionPauser>().ResumeAsync(name, "someone", null));
        }

        using var connection = file.Open();
        foreach (var id in Outcome.Parked(connection)) AskByHand(node, id);
    }

    private string Left()
    {
        using var connection = file.Open();
        var rows = Outcome.CountOpen(connection);
        var left = new List<string>();
        if (rows.Messages > 0) left.Add($"{rows.Messages} messages undecided");
        if (rows.Deliveries > 0) left.Add($"{rows.Deliveries} deliveries pending or leased");
        if (rows.Lanes > 0) left.Add($"{rows.Lanes} ordering keys in play");
        left.AddRange(Recorder.Messages.Where(message => message.IsBusy).Select(message => $"the producer of {message} is not done"));
        if (AnyNode(0) is null || Alive.Count() < nodes.Length) left.Add("a node is down");
        left.AddRange(Recorder.CheckBacks.Where(IsUnderWay).Select(checkBack => $"{checkBack} is under way"));
        left.AddRange(Alive.Where(node => node.Outlets.Held > 0).Select(node => $"node {node.Number} holds room for {node.Outlets.Held}"));
        return string.Join(", ", left);
    }

    private bool IsUnderWay(Attempt attempt) =>
        attempt is { Fate: Fate.Done, AnsweredAt: null } && nodes[attempt.Node] is { IsAlive: true } node && node.Life == attempt.Life;

    // Later, when everything is old: what is finished goes, dead letters stay, and nothing is left behind.
    private void PurgeAll()
    {
        isOver = true;
        var node = AnyNode(0)!;
        Pass(TimeSpan.FromHours(5));
        Guard(node, () => node.Get<Purger>().RunAsync(CancellationToken.None));
        Pass(TimeSpan.FromSeconds(1));
        using var connection = file.Open();
        foreach (var wrong in Outcome.AfterPurge(connection)) Recorder.Violated("purge", wrong);
    }
}
