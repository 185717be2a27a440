namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>The machine loses its power: of what was written and not flushed, anything may be gone. Everything that was acknowledged before must be there.</summary>
/// <remarks>One life is recorded call by call. Then, moment by moment, the files are made as that moment may have left them, and a coordinator starts on them.</remarks>
internal sealed record PowerLost() : Fault(3, "power-loss", "power lost at random moments: unflushed sectors dropped at random, the coordinator started on what is left")
{
    public override string? Lacks => Strace.Lacks;

    public override IReadOnlyList<string> Sizes => ["cuts", "recorded"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var (cuts, messages) = (run.Size("cuts", 3, 200), run.Size("recorded", 300, 3_000));
        await using var world = await World.StartAsync(run, launcher: Strace.Recording());
        var registered = (decimal)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000;
        var load = world.StartLoad();
        await world.MoreMessagesAsync(messages, TimeSpan.FromMinutes(5));
        await world.KillAsync();
        await load.EndAsync();
        var recording = await DiskRecording.ReadAsync(world.Coordinator.Folder, run.Cancellation);
        run.Say($"{recording.Count} calls recorded in {recording.Ended - recording.Began:0.0} s");

        world.Coordinator.Launcher = [];
        var row = new FaultRow(this, run.Seed) { Times = cuts };
        var (dropped, violations) = (0, new List<string>());
        for (var cut = 1; cut <= cuts; cut++)
        {
            var moment = recording.Moment(run.Random, registered);
            var folder = Path.GetDirectoryName(world.StorePath)!;
            foreach (var file in Directory.GetFiles(folder, "txmsg.db*")) File.Delete(file);
            dropped += recording.Rebuild(folder, moment, run.Random);
            var judge = new PowerLossJudge(world, moment);
            await world.Coordinator.StartAsync();
            await world.DrainAsync();
            row = await judge.AddToAsync(row);
            violations.AddRange(judge.Violations.Select(violation => FormattableString.Invariant($"cut {cut} at {moment:0.000000}: {violation}")));
            if (await world.Coordinator.StopAsync() is var code and not 0) violations.Add($"cut {cut}: a graceful stop ended with {code}");
            violations.AddRange(StoreFile.Check(world.StorePath).Select(problem => $"I7: cut {cut}: {problem}"));
            if (cut % 20 == 0) run.Say($"{cut} cuts");
        }

        violations.AddRange(world.Recorder.Violations);
        if (row.Acknowledged == 0) violations.Add("nothing was acknowledged before any cut: the fault was not shown");
        return row with { Violations = violations, Note = $"{dropped} writes dropped or torn, of {recording.Count} calls" };
    }
}
