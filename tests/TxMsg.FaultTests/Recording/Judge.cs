using System.Text.Json;

namespace TxMsg.FaultTests.Recording;

/// <summary>Holds what was recorded against what must hold, and against what the coordinator says of itself.</summary>
internal sealed class Judge(World world)
{
    private const int MostExamples = 5;
    private const int AttemptsLookedAt = 300;
    private readonly Recorder recorder = world.Recorder;
    private readonly List<string> violations = [];

    /// <summary>The wire loses things: an attempt need not have reached its consumer. Each that did still has a number of its own, and is in the log.</summary>
    public bool WireLoses { get; init; }

    /// <summary>The row of a fault after everything was healed and drained; the coordinator is stopped by it.</summary>
    public async Task<FaultRow> JudgeAsync(Fault fault, FaultRun run)
    {
        var deadLetters = await ReadDeadLettersAsync();
        var row = Count(new FaultRow(fault, run.Seed), deadLetters);
        await CompareStatesAsync();
        CheckDuplicates();
        CheckOrder();
        await CompareAttemptsAsync();
        await CheckResourcesAsync();
        await CheckIntegrityAsync();
        violations.AddRange(recorder.Violations);
        return row with { Violations = violations };
    }

    // I1 and I2.
    private FaultRow Count(FaultRow row, HashSet<(byte Consumer, Guid Id)> deadLetters)
    {
        var must = recorder.Messages.Where(message => message.Truth == Truth.MustArrive).ToList();
        var lost = must.Where(message => recorder.Missing(message).Any(consumer => !deadLetters.Contains((consumer, message.Id)))).ToList();
        var unexpected = recorder.Messages.Where(IsUnexpected).ToList();
        Tell("I1: lost", lost);
        Tell("I2: delivered unexpectedly", unexpected);
        Tell("left open by the test", [.. recorder.Messages.Where(message => message.Truth == Truth.Open)]);
        if (must.Count == 0) violations.Add("nothing was acknowledged: the fault was not shown");
        return row with
        {
            Acknowledged = must.Count,
            Delivered = must.Count - lost.Count,
            DeadLettered = deadLetters.Count,
            Lost = lost.Count,
            Unexpected = unexpected.Count,
            Duplicated = recorder.Messages.Sum(message => message.Arrivals.Count - message.Arrivals.DistinctBy(arrival => arrival.Consumer).Count()),
        };
    }

    private bool IsUnexpected(MessageRecord message) =>
        (message.Truth == Truth.MustNotArrive && message.Arrivals.Count > 0) || message.Arrivals.Any(arrival => !recorder.ConsumersOf(message.Topic).Contains(arrival.Consumer));

    // I3: what is stored is what the producer knows, for every message there is.
    private async Task CompareStatesAsync()
    {
        var seen = new HashSet<Guid>();
        await foreach (var item in PagesAsync("/v1/messages?limit=500"))
        {
            var (id, state) = (item.GetProperty("id").GetGuid(), item.GetProperty("state").GetString());
            seen.Add(id);
            if (recorder.Find(id) is not { } message) violations.Add($"I2: {id} is stored, but was never sent");
            else if (state != (message.Truth == Truth.MustNotArrive ? MessageStates.RolledBack : MessageStates.Committed)) violations.Add($"I3: {id} {message.Truth} is stored as {state}");
        }

        Tell("I1: acknowledged, and not in the store", [.. recorder.Messages.Where(message => message.IsStored && !seen.Contains(message.Id))]);
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
    private async Task CompareAttemptsAsync()
    {
        var again = recorder.Messages.Where(message => message.Arrivals.Count > recorder.ConsumersOf(message.Topic).Count).Take(AttemptsLookedAt);
        var once = recorder.Messages.Where(message => message.Truth == Truth.MustArrive).Take(AttemptsLookedAt);
        foreach (var message in again.Concat(once).ToList())
        {
            var answer = await world.Calls.GetAsync($"/v1/messages/{message.Id}");
            foreach (var delivery in answer!.Json.GetProperty("deliveries").EnumerateArray())
            {
                var consumer = Topics.Consumers.ToList().IndexOf(delivery.GetProperty("subscription").GetString()!);
                // Somebody whom the fault brought in judges itself.
                if (consumer < 0) continue;
                var arrivals = message.Arrivals.Where(arrival => arrival.Consumer == consumer).ToArray();
                var (logged, most) = (delivery.GetProperty("attempts").GetInt32(), arrivals.Length);
                if (WireLoses)
                {
                    if (arrivals.DistinctBy(arrival => arrival.Attempt).Count() < most || arrivals.Any(arrival => arrival.Attempt > logged))
                        violations.Add($"I8: {message.Id} reached {Topics.Consumers[consumer]} as {string.Join(", ", arrivals)}, and its log says {logged}");
                    continue;
                }

                var least = recorder.Strikes.Count > 0 ? 1 : most;
                if (logged < least || logged > most) violations.Add($"I8: {message.Id} reached {Topics.Consumers[consumer]} {most} times, and its log says {logged}");
            }
        }
    }

    // I5: at rest, what a coordinator holds has not grown with what it was put through.
    private async Task CheckResourcesAsync()
    {
        var used = ProcessUsage.Of(world.Coordinator.ProcessId);
        if (used.Megabytes > ResourceLimits.Megabytes) violations.Add($"I5: {used.Megabytes} MB of memory");
        if (used.Handles > ResourceLimits.Handles) violations.Add($"I5: {used.Handles} open handles");
        if (used.Threads > ResourceLimits.Threads) violations.Add($"I5: {used.Threads} threads");
        if ((await world.Calls.GetAsync("/health/ready"))?.Status != 200) violations.Add("I5: not ready at the end");
    }

    // I7.
    private async Task CheckIntegrityAsync()
    {
        var exitCode = await world.Coordinator.StopAsync();
        if (exitCode != 0) violations.Add($"I7: a graceful stop ended with {exitCode}");
        violations.AddRange(StoreFile.Check(world.StorePath).Select(problem => $"I7: {problem}"));
    }

    private async Task<HashSet<(byte Consumer, Guid Id)>> ReadDeadLettersAsync()
    {
        var found = new HashSet<(byte, Guid)>();
        foreach (var (consumer, index) in Topics.Consumers.Select((name, index) => (name, index)))
        {
            await foreach (var item in PagesAsync($"/v1/dead-letters?subscription={consumer}&limit=500")) found.Add(((byte)index, item.GetProperty("messageId").GetGuid()));
        }

        return found;
    }

    private async IAsyncEnumerable<JsonElement> PagesAsync(string path)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            var answer = await world.Calls.GetAsync(cursor.Length == 0 ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            if (answer?.Status != 200) throw new FaultTestException($"{path} was answered {answer}");
            foreach (var item in answer.Json.GetProperty("items").EnumerateArray()) yield return item;
            cursor = answer.Json.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
    }

    private void Tell(string what, List<MessageRecord> messages)
    {
        if (messages.Count == 0) return;
        var examples = messages.Take(MostExamples).Select(message => $"{message.Id} ({message.Topic}, {message.Truth}, arrivals {string.Join(", ", message.Arrivals)})");
        violations.Add($"{what}: {messages.Count}, such as {string.Join("; ", examples)}");
    }
}
