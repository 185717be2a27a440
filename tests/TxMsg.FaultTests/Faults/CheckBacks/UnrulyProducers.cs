namespace TxMsg.FaultTests.Faults.CheckBacks;

/// <summary>Producers answer check-backs late, wrongly, not at all, or otherwise than the last time, and race them with verdicts.</summary>
internal sealed record UnrulyProducers() : Fault(14, "check-back", "check-backs that are slow, failing, flapping, contradictory, or race a verdict")
{
    private const int TimelinesLookedAt = 300;

    public override IReadOnlyList<string> Sizes => ["messages", "races"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var (messages, races) = (run.Size("messages", 1_000, 100_000), run.Size("races", 60, 10_000));
        await using var world = await World.StartAsync(
            run,
            settings => settings.With("TxMsg:CheckBacks:CheckBackAfter", "00:00:01").With("TxMsg:CheckBacks:Timeout", "00:00:01")
                .With("TxMsg:CheckBacks:MinBackoff", "00:00:00.2").With("TxMsg:CheckBacks:MaxBackoff", "00:00:01"),
            producers: 4);
        var random = new Random(run.Random.Next());
        var answers = new UnrulyAnswers(world.Recorder, random);
        world.Endpoints.AnswerCheckBack = answers.AnswerAsync;
        var load = world.StartLoad(clientsOfEach: 2);
        var all = Enumerable.Range(0, races).Select(_ => new Race(world.Recorder.Begin(Topics.Orders), random)).ToList();
        foreach (var set in all.Chunk(60))
        {
            foreach (var race in set) answers.Add(race);
            await Task.WhenAll(set.Select((race, place) => race.RunAsync(world.Producers[place % world.Producers.Count], world.Calls)));
        }

        await world.MoreMessagesAsync(Math.Max(1, messages - world.Recorder.Count), TimeSpan.FromHours(1));
        await load.EndAsync();
        var drained = await world.DrainAsync();
        foreach (var race in all) await race.JudgeAsync(world.Calls, world.Recorder);
        await CompareTimelinesAsync(world, answers);
        return await new Judge(world).JudgeAsync(this, run) with
        {
            Times = races + answers.BadAnswers,
            Note = FormattableString.Invariant($"{races} races, {world.Endpoints.CheckBacks} check-backs, drained in {drained.TotalSeconds:0.0} s"),
        };
    }

    // I8 for check-backs: every one is in the timeline, and none comes after the one that brought the verdict.
    private static async Task CompareTimelinesAsync(World world, UnrulyAnswers answers)
    {
        foreach (var (id, asked) in answers.Asked.OrderByDescending(pair => pair.Value).Take(TimelinesLookedAt))
        {
            var timeline = (await world.Calls.GetAsync($"/v1/messages/{id}/timeline"))!.Json.GetProperty("events").EnumerateArray().ToList();
            var said = timeline.Where(entry => entry.GetProperty("kind").GetString() == "checkBack").Select(entry => entry.GetProperty("answer").GetString()).ToList();
            if (said.Count != asked) world.Recorder.Violate($"I8: {id} was asked about {asked} times, and its timeline has {said.Count}: {string.Join(' ', said)}");
            if (said.SkipLast(1).Any(answer => answer is Verdicts.Commit or Verdicts.Rollback)) world.Recorder.Violate($"I3: {id} was asked about after its verdict: {string.Join(' ', said)}");
        }
    }
}
