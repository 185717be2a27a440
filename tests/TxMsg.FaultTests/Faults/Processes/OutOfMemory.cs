using System.Text;

namespace TxMsg.FaultTests.Faults.Processes;

/// <summary>The process has little memory and gets the largest bodies it takes, many at once; if it ends, it is started again, as by its supervisor.</summary>
internal sealed record OutOfMemory() : Fault(17, "out-of-memory", "a heap of 160 MB, and bodies of 30 MB at once: an error or a restart, no false acknowledgement")
{
    private const int BodyBytes = 30 * 1024 * 1024;
    private const int AtOnce = 8;

    public override IReadOnlyList<string> Sizes => ["bodies"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var bodies = run.Size("bodies", 24, 1_000);
        await using var world = await World.StartAsync(run, settings => settings.With("DOTNET_GCHeapHardLimit", "0xA000000"));
        var load = world.StartLoad();
        await world.MoreMessagesAsync(200);
        using var calls = new CoordinatorCalls(() => world.Coordinator.Address, TimeSpan.FromSeconds(20));
        // Nobody's messages: each is refused, once it has been read.
        var body = $$"""{"messages":[{{string.Join(',', Enumerable.Repeat($$"""{"producer":"nobody","topic":"t","payload":"{{new string('x', 200_000)}}"}""", BodyBytes / 200_000))}}]}""";
        var sent = 0;
        var ended = 0;
        using var restarting = new SemaphoreSlim(1, 1);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref sent) <= bodies)
            {
                var answer = await calls.PostAsync("/v1/messages/batch", body);
                if (answer is { Status: not (200 or 413 or 500 or 503) }) world.Recorder.Violate($"a body of {Encoding.UTF8.GetByteCount(body)} bytes was answered {answer}");
                await restarting.WaitAsync(run.Cancellation);
                try
                {
                    if (!world.Coordinator.HasExited) continue;
                    ended++;
                    await world.KillAsync();
                    await world.Coordinator.StartAsync();
                }
                finally
                {
                    restarting.Release();
                }
            }
        })));
        await load.EndAsync();
        var drained = await world.DrainAsync();
        return await new Judge(world).JudgeAsync(this, run) with
        {
            Times = bodies,
            Note = FormattableString.Invariant($"{calls.Count(200)} read, {calls.Count(413) + calls.Count(500) + calls.Count(503)} refused, {calls.Unanswered} not answered, ended {ended} times; drained in {drained.TotalSeconds:0.0} s"),
        };
    }
}
