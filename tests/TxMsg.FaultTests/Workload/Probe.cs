using System.Diagnostics;

namespace TxMsg.FaultTests.Workload;

/// <summary>Measures at an even pace how long a message takes from its commit to healthy consumers.</summary>
internal sealed class Probe(World world)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <summary>What a busy machine may add to it at any time.</summary>
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(250);

    /// <summary>The 99th percentile of so many messages.</summary>
    public async Task<TimeSpan> MeasureAsync(int messages)
    {
        var sent = new List<Task<(MessageRecord Message, DateTimeOffset At)>>();
        for (var clock = Stopwatch.StartNew(); sent.Count < messages;)
        {
            sent.Add(SendAsync());
            var ahead = (Pace * sent.Count) - clock.Elapsed;
            if (ahead > TimeSpan.Zero) await Task.Delay(ahead);
        }

        var all = await Task.WhenAll(sent);
        await world.UntilAsync("the probe's messages", () => Task.FromResult(!all.Any(one => world.Recorder.Missing(one.Message).Any())), TimeSpan.FromMinutes(1));
        var latencies = all.Select(one => one.Message.Arrivals.Where(arrival => arrival.Answered).Max(arrival => arrival.At) - one.At).Order().ToArray();
        return latencies[(latencies.Length * 99 / 100) - 1];
    }

    /// <summary>Whether healthy consumers notice nothing (I9): the best of three, because a busy machine only ever adds.</summary>
    public async Task<TimeSpan> CompareAsync(TimeSpan baseline, int messages)
    {
        var bound = baseline * 2 > Floor ? baseline * 2 : Floor;
        var best = TimeSpan.MaxValue;
        for (var attempt = 1; attempt <= 3 && best > bound; attempt++)
        {
            var measured = await MeasureAsync(messages);
            best = measured < best ? measured : best;
        }

        if (best > bound && world.JudgesTimes) world.Recorder.Violate($"I9: healthy consumers get 99 % of their messages within {best.TotalMilliseconds:0} ms, before it was {baseline.TotalMilliseconds:0} ms");
        return best;
    }

    private async Task<(MessageRecord Message, DateTimeOffset At)> SendAsync()
    {
        var message = world.Recorder.Begin(Topics.Orders, Truth.MayArrive);
        var at = DateTimeOffset.UtcNow;
        await world.UntilAsync("an ordinary message to be taken", async () => (await world.Calls.SendAsync(world.Producers[0], message))?.IsSuccess == true, TimeSpan.FromMinutes(1));
        message.IsStored = message.VerdictWasAcknowledged = true;
        message.Decide(Truth.MustArrive);
        return (message, at);
    }
}
