namespace TxMsg.FaultTests.Faults.Disk;

/// <summary>A bit turns over, or an end is missing, in the database or its log while the coordinator is away: it must say so, or be right in everything.</summary>
internal sealed record DamagedFile() : Fault(7, "damaged-file", "flipped bits and cut ends in the database and its log, coordinator stopped: refused loudly, or every row right")
{
    private static readonly string[] Files = ["txmsg.db-wal", "txmsg.db"];

    public override IReadOnlyList<string> Sizes => ["damages"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var damages = run.Size("damages", 4, 300);
        await using var world = await World.StartAsync(run);
        var folder = Path.GetDirectoryName(world.StorePath)!;
        // Half of everything stays to be delivered, from the rows, after the damage.
        world.Endpoints.Consume = delivery => Task.FromResult(delivery.Consumer == Topics.Consumers[Topics.Points] ? ConsumerAnswer.Fail(500) : ConsumerAnswer.Acknowledge);
        var load = world.StartLoad(clientsOfEach: 2);
        await world.MoreMessagesAsync(run.IsLong ? 1_000 : 150);
        await world.KillAsync();
        await load.EndAsync();
        world.Endpoints.Consume = _ => Task.FromResult(ConsumerAnswer.Acknowledge);
        var whole = Files.Append("txmsg.db-shm").ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name)));

        var row = new FaultRow(this, run.Seed) { Times = damages };
        var (refused, violations) = (0, new List<string>());
        for (var number = 1; number <= damages; number++)
        {
            foreach (var (name, bytes) in whole) await File.WriteAllBytesAsync(Path.Combine(folder, name), bytes, run.Cancellation);
            var damage = Damage(folder, Files[number % 2], cuts: number % 4 == 0, run.Random);
            var judge = new DamageJudge(world);
            if (await RefusesAsync(world, damage)) refused++;
            else
            {
                row = await judge.AddToAsync(row);
                await world.Coordinator.KillAsync();
            }

            violations.AddRange(judge.Violations.Select(violation => $"{damage}: {violation}"));
            if (number % 20 == 0) run.Say($"{number} damages, {refused} refused");
        }

        return row with { Violations = [.. violations, .. world.Recorder.Violations], Note = $"{refused} starts refused, {damages - refused} right in everything or answered with an error" };
    }

    private static string Damage(string folder, string name, bool cuts, Random random)
    {
        var path = Path.Combine(folder, name);
        var bytes = File.ReadAllBytes(path);
        var place = random.Next(bytes.Length);
        if (cuts)
        {
            File.WriteAllBytes(path, bytes[..place]);
            return $"{name} of {bytes.Length} bytes cut at {place}";
        }

        var bit = random.Next(8);
        bytes[place] ^= (byte)(1 << bit);
        File.WriteAllBytes(path, bytes);
        return $"bit {bit} of byte {place} of {name}, of {bytes.Length} bytes, turned over";
    }

    /// <summary>True when it says in one line that the database is damaged, and ends.</summary>
    private static async Task<bool> RefusesAsync(World world, string damage)
    {
        try
        {
            await world.Coordinator.StartAsync();
            return false;
        }
        catch (InvalidOperationException refusal) when (world.Coordinator.HasExited)
        {
            var lines = refusal.Message.Split('\n');
            if (lines.Count(line => line.Contains("damaged", StringComparison.Ordinal)) != 1 || lines.Any(line => line.Contains("   at ", StringComparison.Ordinal)))
                throw new FaultTestException($"A start was refused without one clear line ({damage}): {refusal.Message}", refusal);
            return true;
        }
    }
}
