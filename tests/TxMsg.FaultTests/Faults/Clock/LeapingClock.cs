using System.Collections.Concurrent;
using System.Globalization;

namespace TxMsg.FaultTests.Faults.Clock;

/// <summary>The machine's clock is set by an hour and by a year, forward and back, while everything runs; time itself goes on as it did.</summary>
internal sealed record LeapingClock() : Fault(9, "clock", "the clock leaps by an hour and a year, both ways: no storm, no early purge, nothing left waiting")
{
    private const int Hour = 3_600;
    private const int Year = 365 * 24 * Hour;

    // Of a message that nobody decides: the first finds the local transaction decided, but for those that a leap makes early.
    private const int MostCheckBacks = 2;

    // In a hundred deliveries, so that retries are due later whenever the clock leaps.
    private const int Failures = 10;

    public override IReadOnlyList<string> Sizes => ["leaps"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var leaps = run.Size("leaps", 4, 200);
        var random = new Random(run.Random.Next());
        using var folder = new TestFolder();
        var offset = Path.Combine(folder.Path, "offset");
        Set(offset, 0);
        // Everything old enough is purged within a second.
        await using var world = await World.StartAsync(run, settings => settings.With("TxMsg:Retention:SweepInterval", "00:00:01"), producers: 4, launcher: Launcher(offset));
        var asked = new ConcurrentDictionary<Guid, int>();
        world.Endpoints.AnswerCheckBack = message =>
        {
            if (message is not null) asked.AddOrUpdate(message.Id, 1, (_, count) => count + 1);
            return Task.FromResult(CheckBackReply.Truthful(message));
        };
        world.Endpoints.Consume = _ =>
        {
            lock (random) return Task.FromResult(random.Next(100) < Failures ? ConsumerAnswer.Fail(503) : ConsumerAnswer.Acknowledge);
        };
        var load = world.StartLoad(clientsOfEach: 2);
        // To and fro, so that both what is far ahead and what is far behind was stored before each leap.
        int[] far = [Hour, 0, Year, 0, -Hour, 0, -Year, 0];
        for (var leap = 0; leap < leaps; leap++)
        {
            await world.MoreMessagesAsync(run.IsLong ? 1_000 : 150);
            Set(offset, far[leap % far.Length]);
            await ProveAsync(world, far[leap % far.Length]);
        }

        await world.MoreMessagesAsync(100);
        await load.EndAsync();
        // Of half a million deliveries some fail four times in a row, and wait for the fifth.
        var drained = await world.DrainAsync(TimeSpan.FromMinutes(run.IsLong ? 20 : 1));
        foreach (var (id, times) in asked.Where(pair => pair.Value > MostCheckBacks)) world.Recorder.Violate($"a storm: {id} was asked about {times} times");
        return await new Judge(world).JudgeAsync(this, run) with
        {
            Times = leaps,
            Note = FormattableString.Invariant($"{world.Endpoints.CheckBacks} check-backs about {asked.Count} messages, drained in {drained.TotalSeconds:0.0} s"),
        };
    }

    // libfaketime between the coordinator and its wall clock; the monotonic one is left as it is, and so are waits that go by it, which the "fix" would break.
    private static string[] Launcher(string offset)
    {
        var library = Directory.GetDirectories("/usr/lib").Append("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
            ?? throw new FaultTestException("libfaketime is missing; install the package faketime.");
        return ["env", $"LD_PRELOAD={library}", $"FAKETIME_TIMESTAMP_FILE={offset}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_FORCE_MONOTONIC_FIX=0"];
    }

    // In one step: the coordinator reads the file each time it looks at the clock.
    private static void Set(string offset, int seconds)
    {
        File.WriteAllText(offset + ".new", seconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture));
        File.Move(offset + ".new", offset, overwrite: true);
    }

    // Kestrel dates its answers by the wall clock: without this a run that changed nothing would look like one that withstood it.
    private static Task ProveAsync(World world, int seconds) => world.UntilAsync(
        $"the clock to be set by {seconds} s",
        async () =>
        {
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri(world.Coordinator.Address, "/health/live"));
            return answer.Headers.Date is { } date && (date - DateTimeOffset.UtcNow.AddSeconds(seconds)).Duration() < TimeSpan.FromMinutes(1);
        },
        TimeSpan.FromSeconds(30));
}
