namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>A coordinator is started on the database of an earlier version, half messages and backlog in it, while producers go on.</summary>
internal sealed record UpgradedUnderLoad() : Fault(18, "upgrade", "the schema of every earlier version is upgraded under load, with a backlog in it (SQLite)")
{
    public override IReadOnlyList<string> Sizes => ["upgrade-messages"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var messages = run.Size("upgrade-messages", 200, 100_000);
        await using var world = await World.StartAsync(run, producers: 4);
        var load = world.StartLoad(clientsOfEach: 2);
        for (var version = EarlierSchema.Newest - 1; version >= 1; version--)
        {
            await world.MoreMessagesAsync(messages, TimeSpan.FromMinutes(30));
            // A kill leaves more behind than a stop: leases, claims, a log that is not copied back.
            await world.KillAsync();
            EarlierSchema.GoBack(world.StorePath, version);
            await world.Coordinator.StartAsync();
            if (EarlierSchema.VersionOf(world.StorePath) != EarlierSchema.Newest) world.Recorder.Violate($"the schema {version} was not upgraded to {EarlierSchema.Newest}");
        }

        await world.MoreMessagesAsync(messages, TimeSpan.FromMinutes(30));
        await load.EndAsync();
        var drained = await world.DrainAsync();
        return await new Judge(world).JudgeAsync(this, run) with { Times = EarlierSchema.Newest - 1, Note = FormattableString.Invariant($"drained in {drained.TotalSeconds:0.0} s") };
    }
}
