using System.Collections.Concurrent;

namespace TxMsg.FaultTests.Faults.CheckBacks;

/// <summary>What producers say that are slow, fail, do not know, contradict themselves, and in the end say the truth.</summary>
internal sealed class UnrulyAnswers(Recorder recorder, Random random)
{
    private const int MostBadAnswers = 3;

    // A verdict that took longer than this to be noticed is not on its way any more.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TooSlow = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<Guid, Race> races = new();
    private readonly ConcurrentDictionary<Guid, int> badLeft = new();

    /// <summary>How often each message was asked about.</summary>
    public ConcurrentDictionary<Guid, int> Asked { get; } = new();

    public int BadAnswers { get; private set; }

    /// <summary>From now on the check-backs of the message are answered by the race.</summary>
    public void Add(Race race) => races[race.Message.Id] = race;

    public async Task<CheckBackReply> AnswerAsync(MessageRecord? message)
    {
        if (message is null)
        {
            recorder.Violate($"a check-back about a message that was never sent");
            return CheckBackReply.Truthful(message);
        }

        Asked.AddOrUpdate(message.Id, 1, (_, count) => count + 1);
        if (message.VerdictAcknowledgedAt is { } at && DateTimeOffset.UtcNow - at > OnItsWay)
            recorder.Violate($"a needless check-back: the verdict of {message.Id} was acknowledged {(DateTimeOffset.UtcNow - at).TotalMilliseconds:0} ms before");
        if (races.TryGetValue(message.Id, out var race)) return await race.AnswerAsync();
        int kind;
        lock (random)
        {
            var left = badLeft.GetOrAdd(message.Id, _ => random.Next(MostBadAnswers + 1));
            if (left == 0) return CheckBackReply.Truthful(message);
            badLeft[message.Id] = left - 1;
            BadAnswers++;
            kind = random.Next(9);
        }

        // None of these is a verdict, whatever it looks like.
        return kind switch
        {
            0 => new CheckBackReply(500, """{"verdict":"commit"}"""),
            1 => new CheckBackReply(503, ""),
            2 => new CheckBackReply(200, "<html>all is well</html>"),
            3 => new CheckBackReply(200, """{"verdict":"maybe"}"""),
            4 => new CheckBackReply(200, """{"verdict":"rollback","verdict":"commit"}"""),
            5 => CheckBackReply.Truthful(message) with { Delay = TooSlow },
            6 => throw new IOException("the producer hangs up"),
            7 => new CheckBackReply(302, """{"verdict":"commit"}"""),
            _ => CheckBackReply.Verdict(Verdicts.Unknown),
        };
    }
}
