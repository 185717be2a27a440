using System.Text.Json;

namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>What must be true of a coordinator that has started on damaged files: no row is wrong in silence. An answer of 500 and more is not silence.</summary>
internal sealed class DamageJudge(World world)
{
    private readonly long startedAgain = DateTimeOffset.UtcNow.UtcTicks;

    public List<string> Violations { get; } = [];

    public async Task<FaultRow> AddToAsync(FaultRow row)
    {
        try
        {
            await world.DrainAsync(TimeSpan.FromSeconds(30));
        }
        catch (FaultTestException exception)
        {
            Violations.Add(exception.Message);
        }

        var dead = await ReadDeadLettersAsync();
        var must = world.Recorder.Messages.Where(message => message.IsStored && message.Truth == Truth.MustArrive).ToList();
        var lost = must.Where(message => !dead.Contains(message.Id) && !HasArrived(message)).ToList();
        if (lost.Count > 0) Violations.Add($"I1: lost: {lost.Count}, such as {lost[0].Id} ({lost[0].Topic})");
        foreach (var message in world.Recorder.Messages.Where(message => message.IsStored)) await CompareAsync(message);
        return row with
        {
            Acknowledged = row.Acknowledged + must.Count,
            Delivered = row.Delivered + must.Count - lost.Count,
            DeadLettered = row.DeadLettered + dead.Count,
            Lost = row.Lost + lost.Count,
        };
    }

    private async Task CompareAsync(MessageRecord message)
    {
        var answer = await world.Calls.GetAsync($"/v1/messages/{message.Id}");
        var payload = await world.Calls.GetAsync($"/v1/messages/{message.Id}/payload");
        if (answer is not { Status: >= 500 }) Compare(message, answer);
        if (payload is { Status: >= 500 }) return;
        if (payload?.Status != 200 || !payload.Body.AsSpan().SequenceEqual(Payload.Of(message.Id))) Violations.Add($"the payload of {message.Id} is answered {payload}");
    }

    private void Compare(MessageRecord message, CallAnswer? answer)
    {
        var state = message.Truth == Truth.MustArrive ? MessageStates.Committed : MessageStates.RolledBack;
        if (answer?.Status != 200) Violations.Add($"{message.Id} is answered {answer}");
        else if (Text(answer.Json, "topic") != message.Topic || Text(answer.Json, "state") != state || Text(answer.Json, "orderingKey") != message.OrderingKey)
            Violations.Add($"{message.Id} ({message.Topic}, {state}, {message.OrderingKey}) is answered {answer}");
    }

    // Points had acknowledged nothing before the damage: what it has now came from the rows.
    private bool HasArrived(MessageRecord message) => world.Recorder.ConsumersOf(message.Topic).All(consumer =>
        message.Arrivals.Any(arrival => arrival.Consumer == consumer && arrival.Answered && (consumer != Topics.Points || arrival.AtTicks >= startedAgain)));

    private async Task<HashSet<Guid>> ReadDeadLettersAsync()
    {
        var found = new HashSet<Guid>();
        foreach (var consumer in Topics.Consumers)
        {
            await foreach (var item in world.Calls.PagesAsync($"/v1/dead-letters?subscription={consumer}&limit=500")) found.Add(item.GetProperty("messageId").GetGuid());
        }

        return found;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
