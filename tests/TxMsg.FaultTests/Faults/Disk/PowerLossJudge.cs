namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>What must be true of a coordinator that runs on what one moment left on the disk. What was acknowledged after that moment never happened for it.</summary>
internal sealed class PowerLossJudge(World world, decimal moment)
{
    // The recorder's clock is read after the answer has arrived; never count as acknowledged what was so only a moment after the cut.
    private readonly DateTimeOffset cut = DateTimeOffset.UnixEpoch.AddTicks((long)(moment * TimeSpan.TicksPerSecond));
    private readonly long startedAgain = DateTimeOffset.UtcNow.UtcTicks;

    public List<string> Violations { get; } = [];

    /// <summary>Adds one cut's numbers to the row.</summary>
    public async Task<FaultRow> AddToAsync(FaultRow row)
    {
        var stored = await ReadStatesAsync();
        var acknowledged = world.Recorder.Messages.Where(message => message.StoredAt < cut).ToList();
        var must = acknowledged.Where(message => message.Truth == Truth.MustArrive).ToList();
        var lost = must.Where(message => !stored.ContainsKey(message.Id) || !HasArrived(message)).ToList();
        var unexpected = world.Recorder.Messages.Where(message => message.Truth == Truth.MustNotArrive && message.Arrivals.Count > 0).ToList();
        Tell("I1: lost", lost);
        Tell("I2: delivered unexpectedly", unexpected);
        Tell("I1: acknowledged, and not in the store", [.. acknowledged.Where(message => !stored.ContainsKey(message.Id))]);
        foreach (var (id, state) in stored)
        {
            if (world.Recorder.Find(id) is not { } message) Violations.Add($"I2: {id} is stored, but was never sent");
            else if (state != (message.Truth == Truth.MustNotArrive ? MessageStates.RolledBack : MessageStates.Committed)) Violations.Add($"I3: {id} {message.Truth} is stored as {state}");
        }

        return row with
        {
            Acknowledged = row.Acknowledged + must.Count,
            Delivered = row.Delivered + must.Count - lost.Count,
            Lost = row.Lost + lost.Count,
            Unexpected = row.Unexpected + unexpected.Count,
            Duplicated = row.Duplicated + must.Sum(message => message.Arrivals.Count(arrival => arrival.AtTicks >= startedAgain && Counted(message, arrival, arrival.AtTicks))),
        };
    }

    // What a consumer got between the moment of the cut and the start did not happen in this world.
    private bool IsOfThisWorld(Arrival arrival) => arrival.AtTicks <= cut.UtcTicks || arrival.AtTicks >= startedAgain;

    private bool Counted(MessageRecord message, Arrival arrival, long before) =>
        message.Arrivals.Any(earlier => earlier.Consumer == arrival.Consumer && earlier.Answered && earlier.AtTicks < before && IsOfThisWorld(earlier));

    private bool HasArrived(MessageRecord message) =>
        world.Recorder.ConsumersOf(message.Topic).All(consumer => message.Arrivals.Any(arrival => arrival.Consumer == consumer && arrival.Answered && IsOfThisWorld(arrival)));

    private async Task<Dictionary<Guid, string>> ReadStatesAsync()
    {
        var states = new Dictionary<Guid, string>();
        await foreach (var item in world.Calls.PagesAsync("/v1/messages?limit=500")) states[item.GetProperty("id").GetGuid()] = item.GetProperty("state").GetString()!;
        return states;
    }

    private void Tell(string what, List<MessageRecord> messages)
    {
        if (messages.Count > 0) Violations.Add($"{what}: {messages.Count}, such as {string.Join("; ", messages.Take(3).Select(message => $"{message.Id} ({message.Topic}, {message.Truth}, stored {message.StoredAt:HH:mm:ss.ffffff}, arrivals {string.Join(", ", message.Arrivals)})"))}");
    }
}
