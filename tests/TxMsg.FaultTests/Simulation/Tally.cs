namespace TxMsg.FaultTests.Simulation;

/// <summary>What many histories were, added up. Safe for several threads.</summary>
/// <param name="progress">Told how many histories they are, after each.</param>
internal sealed class Tally(Action<int>? progress = null)
{
    private readonly Lock gate = new();

    public int Histories { get; private set; }

    /// <summary>Crashes, suspensions, transactions and reads that failed, requests that did.</summary>
    public long Faults { get; private set; }

    /// <summary>Messages of which somebody was told that they are committed.</summary>
    public long Acknowledged { get; private set; }

    public long DeadLettered { get; private set; }

    /// <summary>Deliveries that were acknowledged more than once.</summary>
    public long Duplicated { get; private set; }

    public TimeSpan Simulated { get; private set; }

    public void Add(World world)
    {
        var recorder = world.Recorder;
        var duplicated = recorder.Attempts.Where(attempt => attempt.Fate.IsHandled()).GroupBy(attempt => (attempt.Message, attempt.Peer)).Sum(group => group.Count() - 1);
        lock (gate)
        {
            Histories++;
            Faults += recorder.Interruptions.Count + recorder.Attempts.Concat(recorder.CheckBacks).Count(attempt => attempt.Fate != Fate.Done);
            Acknowledged += recorder.Messages.Count(message => message.ToldVerdict == true);
            DeadLettered += world.DeadLetters;
            Duplicated += duplicated;
            Simulated += world.Lasted;
            progress?.Invoke(Histories);
        }
    }
}
