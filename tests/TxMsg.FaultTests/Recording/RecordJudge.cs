namespace TxMsg.FaultTests.Recording;

/// <summary>Holds what was recorded against what must hold, and against what the coordinator says of itself. Needs no coordinator.</summary>
internal sealed class RecordJudge(Recorder recorder, CoordinatorView view)
{
    private const int MostExamples = 5;
    private readonly List<string> violations = [];

    /// <summary>The wire loses things: an attempt need not have reached its consumer. Each that did still has a number of its own, and is in the log.</summary>
    public bool WireLoses { get; init; }

    /// <summary>The row with its numbers and everything that does not hold.</summary>
    public FaultRow Judge(FaultRow row)
    {
        row = Count(row);
        CompareStates();
        CheckDuplicates();
        CheckOrder();
        CompareAttempts();
        violations.AddRange(recorder.Violations);
        return row with { Violations = [.. row.Violations, .. violations] };
    }

    // I1 and I2.
    private FaultRow Count(FaultRow row)
    {
        var must = recorder.Messages.Where(message => message.Truth == Truth.MustArrive).ToList();
        var lost = must.Where(message => recorder.Missing(message).Any(consumer => !view.DeadLetters.Contains((consumer, message.Id)))).ToList();
        var unexpected = recorder.Messages.Where(IsUnexpected).ToList();
        Tell("I1: lost", lost);
        Tell("I2: delivered unexpectedly", unexpected);
        Tell("left open by the test", [.. recorder.Messages.Where(message => message.Truth == Truth.Open)]);
        if (must.Count == 0) violations.Add("nothing was acknowledged: the fault was not shown");
        return row with
        {
            Acknowledged = must.Count,
            Delivered = must.Count - lost.Count,
            DeadLettered = view.DeadLetters.Count,
            Lost = lost.Count,
            Unexpected = unexpected.Count,
            Duplicated = recorder.Messages.Sum(message => message.Arrivals.Count - message.Arrivals.DistinctBy(arrival => arrival.Consumer).Count()),
        };
    }

    private bool IsUnexpected(MessageRecord message) =>
        (message.Truth == Truth.MustNotArrive && message.Arrivals.Count > 0) || message.Arrivals.Any(arrival => !recorder.ConsumersOf(message.Topic).Contains(arrival.Consumer));

    // I3: what is stored is what the producer knows, for every message there is.
    private void CompareStates()
    {
        foreach (var (id, state) in view.States)
        {
            if (recorder.Find(id) is not { } message) violations.Add($"I2: {id} is stored, but was never sent");
            else if (state != (message.Truth == Truth.MustNotArrive ? MessageStates.RolledBack : MessageStates.Committed)) violations.Add($"I3: {id} {message.Truth} is stored as {state}");
        }

        Tell("I1: acknowledged, and not in the store", [.. recorder.Messages.Where(message => message.IsStored && !view.States.ContainsKey(message.Id))]);
    }

    // I4: whatever came again must have had no answer that counted, or been struck.
    private void CheckDuplicates()
    {
        var strikes = recorder.Strikes.Select(strike => strike.UtcTicks).Order().ToArray();
        Tell("I4: delivered again for no reason", [.. recorder.Messages.Where(message => message.Arrivals.Count > 1 && message.Arrivals.GroupBy(arrival => arrival.Consumer).Any(HasNoExcuse))]);

        bool HasNoExcuse(IEnumerable<Arrival> arrivals)
        {
            var inOrder = arrivals.OrderBy(arrival => arrival.AtTicks).ToArray();
            return inOrder.Zip(inOrder.Skip(1)).Any(pair => pair.First.Answered && !WasStruck(pair.First.AtTicks - TimeSpan.TicksPerSecond, pair.Second.AtTicks));
        }

        bool WasStruck(long from, long to)
        {
            var index = Array.BinarySearch(strikes, from);
            if (index < 0) index = ~index;
            return index < strikes.Length && strikes[index] <= to;
        }
    }

    // Of each ordering key, what came first came in the order of the commits.
    private void CheckOrder()
    {
        var keys = recorder.Messages.Where(message => message.OrderingKey is not null && message.Arrivals.Count > 0).GroupBy(message => message.OrderingKey);
        foreach (var key in keys)
        {
            var places = key.OrderBy(message => message.Arrivals.Min(arrival => arrival.AtTicks)).Select(message => message.Place).ToArray();
            if (!places.SequenceEqual(places.Order())) violations.Add($"order: {key.Key} arrived as {string.Join(' ', places.Take(50))}");
        }
    }

    // I8: no attempt in the log that did not go over the wire; and none missing, but those whose record a strike prevented.
    private void CompareAttempts()
    {
        foreach (var ((consumer, id), logged) in view.Attempts)
        {
            var arrivals = recorder.Find(id)?.Arrivals.Where(arrival => arrival.Consumer == consumer).ToArray() ?? [];
            var most = arrivals.Length;
            if (WireLoses)
            {
                if (arrivals.DistinctBy(arrival => arrival.Attempt).Count() < most || arrivals.Any(arrival => arrival.Attempt > logged))
                    violations.Add($"I8: {id} reached {Topics.Consumers[consumer]} as {string.Join(", ", arrivals)}, and its log says {logged}");
                continue;
            }

            var least = recorder.Strikes.Count > 0 ? Math.Min(1, most) : most;
            if (logged < least || logged > most) violations.Add($"I8: {id} reached {Topics.Consumers[consumer]} {most} times, and its log says {logged}");
        }
    }

    private void Tell(string what, List<MessageRecord> messages)
    {
        if (messages.Count == 0) return;
        var examples = messages.Take(MostExamples).Select(message => $"{message.Id} ({message.Topic}, {message.Truth}, arrivals {string.Join(", ", message.Arrivals)})");
        violations.Add($"{what}: {messages.Count}, such as {string.Join("; ", examples)}");
    }
}
