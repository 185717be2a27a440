namespace TxMsg.FaultTests.Simulation;

/// <summary>Compares what was seen on the wire with what was promised and with what is stored.</summary>
internal sealed class Judge(World world, Outcome outcome)
{
    private readonly Recorder recorder = world.Recorder;
    private readonly Dictionary<(Guid, string), DeliveryRow> deliveries = outcome.Deliveries.ToDictionary(row => (row.MessageId, row.Subscription));
    private readonly ILookup<(Guid, string), Attempt> attempts = world.Recorder.Attempts.ToLookup(attempt => (attempt.Message.Id, attempt.Peer));
    private readonly ILookup<Guid, Attempt> checkBacks = world.Recorder.CheckBacks.ToLookup(attempt => attempt.Message.Id);

    public void Look()
    {
        foreach (var fault in outcome.Faults) recorder.Violated("I7", fault);
        foreach (var message in recorder.Messages)
        {
            LookAtVerdict(message);
            for (var i = 0; i < world.History.Subscriptions; i++) LookAtDelivery(message, i);
            LookAtCheckBacks(message);
        }

        foreach (var lane in outcome.Deliveries.Where(row => row.LaneKey is not null).GroupBy(row => (row.Subscription, row.LaneKey))) LookAtOrder(lane.ToArray());
    }

    private void LookAtVerdict(SimMessage message)
    {
        var stored = outcome.Messages.GetValueOrDefault(message.Id);
        if (stored is null)
        {
            if (message.IsPrepared || message.ToldVerdict is not null) recorder.Violated("I1", $"{message} was acknowledged and is not in the store");
            return;
        }

        if (message.ToldVerdict is { } told && told != stored.IsCommitted) recorder.Violated("I3", $"{message} was said to be {(told ? "committed" : "rolled back")} and is {stored.Words}");
        if (stored.IsCommitted && !message.CommitAsked) recorder.Violated("I2", $"{message} is committed, which nobody asked for");
        if (stored.IsRolledBack && !message.RollbackAsked) recorder.Violated("I1", $"{message} is rolled back, which nobody asked for");
    }

    private void LookAtDelivery(SimMessage message, int subscription)
    {
        var name = $"subscription-{subscription}";
        var sent = attempts[(message.Id, name)].ToArray();
        var wanted = outcome.Messages.GetValueOrDefault(message.Id) is { IsCommitted: true } && SimFile.Wants(subscription, message);
        var row = deliveries.GetValueOrDefault((message.Id, name));
        if (!wanted)
        {
            if (sent.Length > 0) recorder.Violated("I2", $"{sent[0]}, which is not for it");
            if (row is not null) recorder.Violated("I2", $"{message} has a delivery to {name}, which is not for it");
        }
        else if (row is null)
        {
            recorder.Violated("I1", $"{message} is committed and has no delivery to {name}");
        }
        else
        {
            LookAtOutcome(row, sent, message);
            LookAtAttempts(sent);
            LookAtLog(row, sent);
        }
    }

    private void LookAtOutcome(DeliveryRow row, Attempt[] sent, SimMessage message)
    {
        if (row.State is 0 or 1) recorder.Violated("I1", $"{message} is neither delivered to {row.Subscription} nor a dead letter");
        else if (row.IsDelivered && !sent.Any(attempt => attempt.Number == row.Attempts && attempt.Fate.IsAcknowledged())) recorder.Violated("I1", $"{message} is taken for delivered to {row.Subscription} by attempt {row.Attempts}, which was not acknowledged");
        else if (!row.IsDelivered && (sent.Length == 0 || sent[^1].Fate.IsAcknowledged()) && !Interrupted(sent[^1], int.MaxValue)) recorder.Violated("I1", $"{message} is a dead letter of {row.Subscription}, which had acknowledged it");
    }

    // What was acknowledged is not sent again, unless the node was hindered in writing that down, or a person wants it.
    private void LookAtAttempts(Attempt[] sent)
    {
        for (var i = 1; i < sent.Length; i++)
        {
            var (before, after) = (sent[i - 1], sent[i]);
            var interrupted = Interrupted(before, after.Moment);
            var mended = recorder.Mendings.Any(mending => mending.Subscription == before.Peer && mending.Moment > before.Moment && mending.Moment < after.Moment);
            if (before.Fate.IsAcknowledged() && !interrupted && !mended) recorder.Violated("I4", $"{after} after {before}");
            if (before.Fate is Fate.Gone or Fate.Rejected && !interrupted && !mended) recorder.Violated("I4", $"{after} after {before}, which made it a dead letter");
            if (after.Number != before.Number + 1 && !(after.Number == before.Number && interrupted)) recorder.Violated("I8", $"{after} after {before}");
        }
    }

    private void LookAtLog(DeliveryRow row, Attempt[] sent)
    {
        foreach (var failure in row.Failures)
        {
            if (!sent.Any(attempt => attempt.Number == failure.Number && !attempt.Fate.IsAcknowledged() && attempt.Fate.Status() == failure.Status))
                recorder.Violated("I8", $"{row.Subscription} has a failed attempt {failure.Number} with {failure.Outcome} ({failure.Status}) in the log that never was on the wire");
        }

        for (var i = 0; i < sent.Length; i++)
        {
            var attempt = sent[i];
            if (Interrupted(attempt, i + 1 < sent.Length ? sent[i + 1].Moment : int.MaxValue)) continue;
            var isLogged = attempt.Fate.IsAcknowledged() ? row.IsDelivered && row.Attempts == attempt.Number : row.Failures.Any(failure => failure.Number == attempt.Number && failure.Status == attempt.Fate.Status());
            if (!isLogged) recorder.Violated("I8", $"{attempt} is not in the log");
        }
    }

    private void LookAtCheckBacks(SimMessage message)
    {
        var asked = checkBacks[message.Id].ToArray();
        var log = outcome.Messages.GetValueOrDefault(message.Id)?.CheckBacks ?? [];
        foreach (var row in log)
        {
            if (!asked.Any(attempt => attempt.Number == row.Number && AnswerOf(attempt) == row.Outcome && attempt.Fate.Status() == row.Status))
                recorder.Violated("I8", $"{message} has a check-back {row.Number} with {row.Outcome} in the log that never was on the wire");
        }

        foreach (var attempt in asked)
        {
            if (Interrupted(attempt, int.MaxValue)) continue;
            if (!log.Any(row => row.Number == attempt.Number && row.Outcome == AnswerOf(attempt))) recorder.Violated("I8", $"check-back {attempt} is not in the log");
        }
    }

    private static string AnswerOf(Attempt attempt) => attempt.Fate == Fate.Done ? attempt.Verdict! : "unreachable";

    // Within an ordering key: one begins when the one before has ended, and none comes back after that.
    private void LookAtOrder(DeliveryRow[] lane)
    {
        for (var i = 1; i < lane.Length; i++)
        {
            if (attempts[(lane[i].MessageId, lane[i].Subscription)].FirstOrDefault() is not { } first) continue;
            for (var j = 0; j < i; j++)
            {
                var earlier = attempts[(lane[j].MessageId, lane[j].Subscription)].ToArray();
                if (recorder.Mendings.Any(mending => mending.Subscription == lane[j].Subscription)) continue;
                if (!earlier.Any(attempt => attempt.Moment < first.Moment && EndsTheTurn(attempt))) recorder.Violated("order", $"{first} came before {world.Find(lane[j].MessageId)} had ended");
                if (earlier.Any(attempt => attempt.Moment > first.Moment)) recorder.Violated("order", $"{world.Find(lane[j].MessageId)} was sent again after {first}");
            }

            LookAtCommits(world.Find(lane[i - 1].MessageId)!, world.Find(lane[i].MessageId)!);
        }
    }

    private static bool EndsTheTurn(Attempt attempt) =>
        attempt.Fate.IsAcknowledged() || attempt.Fate is Fate.Gone or Fate.Rejected || attempt.Number > SimFile.Retries(int.Parse(attempt.Peer.Split('-')[1]));

    // The order of the lane is that of the commits: whoever was told of one before asking for another sees them in that order.
    private void LookAtCommits(SimMessage before, SimMessage after)
    {
        if (after.CommitToldAt < before.CommitAskedAt) recorder.Violated("order", $"{before} stands before {after} and was committed after it");
    }

    private bool Interrupted(Attempt attempt, int until) =>
        recorder.Interruptions.Any(interruption => interruption.Node == attempt.Node && interruption.Moment > attempt.Moment && interruption.Moment < until);
}
