using System.Diagnostics;

namespace TxMsg.FaultTests.Recording;

/// <summary>Asks the coordinator what it says of itself, lets <see cref="RecordJudge"/> hold that against what was recorded, and looks at what
/// needs the process and the file: resources, the stop, the store's integrity.</summary>
internal sealed class Judge(World world)
{
    private const int AttemptsLookedAt = 300;

    // Attempts that nobody answers, and connections that nobody uses any more, keep their handles until their own time is over.
    private static readonly TimeSpan ToRest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly Recorder recorder = world.Recorder;
    private readonly List<string> violations = [];

    /// <summary>The wire loses things: an attempt need not have reached its consumer. Each that did still has a number of its own, and is in the log.</summary>
    public bool WireLoses { get; init; }

    /// <summary>The row of a fault after everything was healed and drained; the coordinator is stopped by it.</summary>
    public async Task<FaultRow> JudgeAsync(Fault fault, FaultRun run)
    {
        var view = new CoordinatorView { States = await ReadStatesAsync(), DeadLetters = await ReadDeadLettersAsync(), Attempts = await ReadAttemptsAsync() };
        await CheckResourcesAsync();
        await CheckIntegrityAsync();
        var row = new RecordJudge(recorder, view) { WireLoses = WireLoses }.Judge(new FaultRow(fault, run.Seed) { Violations = violations });
        // At once: what is cleared away afterwards may fail, too.
        run.Say($"{row.Acknowledged} acknowledged, {row.Lost} lost, {row.Unexpected} unexpected, {row.Duplicated} duplicated, {row.Violations.Count} rules broken");
        return row;
    }

    private async Task<Dictionary<Guid, string>> ReadStatesAsync()
    {
        var states = new Dictionary<Guid, string>();
        await foreach (var item in world.Calls.PagesAsync("/v1/messages?limit=500")) states[item.GetProperty("id").GetGuid()] = item.GetProperty("state").GetString()!;
        return states;
    }

    // Of some messages that came again, and of some others.
    private async Task<Dictionary<(byte Consumer, Guid Id), int>> ReadAttemptsAsync()
    {
        var attempts = new Dictionary<(byte, Guid), int>();
        var again = recorder.Messages.Where(message => message.Arrivals.Count > recorder.ConsumersOf(message.Topic).Count).Take(AttemptsLookedAt);
        var once = recorder.Messages.Where(message => message.Truth == Truth.MustArrive).Take(AttemptsLookedAt);
        foreach (var message in again.Concat(once).ToList())
        {
            var answer = await world.Calls.GetAsync($"/v1/messages/{message.Id}");
            if (answer?.Status != 200)
            {
                violations.Add($"I1: {message.Id} is answered {answer}");
                continue;
            }

            foreach (var delivery in answer.Json.GetProperty("deliveries").EnumerateArray())
            {
                var consumer = Topics.Consumers.ToList().IndexOf(delivery.GetProperty("subscription").GetString()!);
                // Somebody whom the fault brought in judges itself.
                if (consumer < 0) continue;
                var logged = delivery.GetProperty("attempts").GetInt32();
                if (!WireLoses && logged > message.Arrivals.Count(arrival => arrival.Consumer == consumer)) logged -= await CountUnsentAsync(message.Id, Topics.Consumers[consumer]);
                attempts[((byte)consumer, message.Id)] = logged;
            }
        }

        return attempts;
    }

    // Attempts of which the log says itself that nothing went over the wire.
    private async Task<int> CountUnsentAsync(Guid id, string consumer)
    {
        var timeline = await world.Calls.GetAsync($"/v1/messages/{id}/timeline");
        return timeline!.Json.GetProperty("events").EnumerateArray().Count(happened =>
            happened.TryGetProperty("subscription", out var subscription) && subscription.GetString() == consumer
            && happened.TryGetProperty("outcome", out var outcome) && (outcome.GetString() is "connectionFailed" or "connectTimedOut" or "nameNotResolved"));
    }

    // I5: at rest, what a coordinator holds has not grown with what it was put through.
    private async Task CheckResourcesAsync()
    {
        var clock = Stopwatch.StartNew();
        foreach (var node in world.Nodes)
        {
            while (ProcessUsage.Of(node.ProcessId).Handles > ResourceLimits.Handles && clock.Elapsed < ToRest) await Task.Delay(Poll);
            var used = ProcessUsage.Of(node.ProcessId);
            if (used.Megabytes > ResourceLimits.Megabytes) violations.Add($"I5: {used.Megabytes} MB of memory");
            if (used.Handles > ResourceLimits.Handles) violations.Add($"I5: {used.Handles} open handles");
            if (used.Threads > ResourceLimits.Threads) violations.Add($"I5: {used.Threads} threads");
        }

        if ((await world.Calls.GetAsync("/health/ready"))?.Status != 200) violations.Add("I5: not ready at the end");
    }

    // I7.
    private async Task CheckIntegrityAsync()
    {
        foreach (var node in world.Nodes)
        {
            var exitCode = await node.StopAsync();
            if (exitCode != 0) violations.Add($"I7: a graceful stop ended with {exitCode}");
        }

        // What a database server stores is its own to check.
        if (world.HasStoreFile) violations.AddRange(StoreFile.Check(world.StorePath).Select(problem => $"I7: {problem}"));
    }

    private async Task<HashSet<(byte Consumer, Guid Id)>> ReadDeadLettersAsync()
    {
        var found = new HashSet<(byte, Guid)>();
        foreach (var (consumer, index) in Topics.Consumers.Select((name, index) => (name, index)))
        {
            await foreach (var item in world.Calls.PagesAsync($"/v1/dead-letters?subscription={consumer}&limit=500")) found.Add(((byte)index, item.GetProperty("messageId").GetGuid()));
        }

        return found;
    }
}
