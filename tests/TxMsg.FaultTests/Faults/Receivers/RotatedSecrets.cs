namespace TxMsg.FaultTests.Faults.Receivers;

/// <summary>Secrets are rotated while everything runs, and those who verify learn of it late.</summary>
internal sealed record RotatedSecrets() : Fault(15, "rotate", "secrets of producers and subscriptions rotated under load: every attempt verifies")
{
    public override IReadOnlyList<string> Sizes => ["rotations"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var rotations = run.Size("rotations", 5, 2_000);
        await using var world = await World.StartAsync(run, producers: 4);
        var load = world.StartLoad(clientsOfEach: 2);
        for (var rotation = 1; rotation <= rotations; rotation++)
        {
            if (run.Random.Next(2) == 0) await RotateConsumerAsync(world, Topics.Consumers[run.Random.Next(Topics.Consumers.Count)]);
            else await RotateProducerAsync(world, world.Producers[run.Random.Next(world.Producers.Count)]);
            await world.MoreMessagesAsync(50);
            if (rotation % 100 == 0) run.Say($"{rotation} rotations, {world.Recorder.Count} messages");
        }

        await load.EndAsync();
        var drained = await world.DrainAsync();
        return await new Judge(world).JudgeAsync(this, run) with { Times = rotations, Note = FormattableString.Invariant($"{world.Endpoints.CheckBacks} check-backs, drained in {drained.TotalSeconds:0.0} s") };
    }

    // The consumer knows the old secret only, then both while attempts are under way that began before, then the new one only.
    private static async Task RotateConsumerAsync(World world, string name)
    {
        var endpoint = world.Endpoints.Consumer(name);
        var old = world.Endpoints.Trusted(endpoint)[^1];
        var secret = await RotateAsync(world, $"/v1/subscriptions/{name}/rotate-secret");
        // Not all there ever were: a long run has a million, and looks at them again and again.
        var before = world.Recorder.Messages.Where(message => message.Truth == Truth.MayArrive || world.Recorder.Missing(message).Any()).ToList();
        await world.MoreMessagesAsync(50);
        world.Endpoints.Trust(endpoint, old, secret);
        await world.UntilAsync("what was sent before the rotation", () => Task.FromResult(before.All(message => !world.Recorder.Missing(message).Any())), TimeSpan.FromMinutes(1));
        world.Endpoints.Trust(endpoint, secret);
    }

    // When each check-back began is not known here, so the producer takes both secrets until the next rotation.
    private static async Task RotateProducerAsync(World world, string name)
    {
        var endpoint = world.Endpoints.CheckBack(name);
        var old = world.Endpoints.Trusted(endpoint)[^1];
        world.Endpoints.Trust(endpoint, old, await RotateAsync(world, $"/v1/producers/{name}/rotate-secret"));
    }

    private static async Task<string> RotateAsync(World world, string path)
    {
        var answer = await world.Calls.PostAsync(path, null);
        return answer?.Status == 200 ? answer.Json.GetProperty("secret").GetString()! : throw new FaultTestException($"{path} was answered {answer}");
    }
}
