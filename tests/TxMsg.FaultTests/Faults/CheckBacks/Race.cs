using System.Collections.Concurrent;

namespace TxMsg.FaultTests.Faults.CheckBacks;

/// <summary>A producer gives one verdict of its own accord while it answers a check-back with any: the first to be stored wins.</summary>
internal sealed class Race(MessageRecord message, Random random)
{
    private static readonly TimeSpan AskedWithin = TimeSpan.FromSeconds(60);
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<string> given = [];
    private string own = "";
    private CallAnswer? answer;

    public MessageRecord Message { get; } = message;

    public async Task RunAsync(string producer, CoordinatorCalls calls)
    {
        var prepared = await calls.PrepareAsync(producer, Message);
        if (prepared?.Status != 201) throw new FaultTestException($"A prepare was answered {prepared}");
        Message.IsStored = true;
        await asked.Task.WaitAsync(AskedWithin);
        own = Draw();
        given.Add(own);
        await Task.Delay(Pause());
        answer = await calls.DecideAsync(Message, own);
    }

    /// <summary>Each time any verdict, whatever was said before.</summary>
    public async Task<CheckBackReply> AnswerAsync()
    {
        var verdict = Draw();
        given.Add(verdict);
        asked.TrySetResult();
        await Task.Delay(Pause());
        return CheckBackReply.Verdict(verdict);
    }

    /// <summary>What was stored is what somebody said, and what the producer was told of it.</summary>
    public async Task JudgeAsync(CoordinatorCalls calls, Recorder recorder)
    {
        var stored = (await calls.GetAsync($"/v1/messages/{Message.Id}"))!.Json.GetProperty("state").GetString();
        var verdict = stored == MessageStates.Committed ? Verdicts.Commit : Verdicts.Rollback;
        Message.Decide(verdict == Verdicts.Commit ? Truth.MustArrive : Truth.MustNotArrive);
        if (!given.Contains(verdict)) recorder.Violate($"I3: {Message.Id} is {stored}, which nobody said");
        var told = answer?.Status switch
        {
            200 => own,
            409 => answer.Json.GetProperty("verdict").GetString(),
            _ => null,
        };
        if (told != verdict) recorder.Violate($"I3: {Message.Id} is {stored}, and its producer's {own} was answered {answer}");
    }

    private string Draw()
    {
        lock (random) return random.Next(2) == 0 ? Verdicts.Commit : Verdicts.Rollback;
    }

    private TimeSpan Pause()
    {
        lock (random) return TimeSpan.FromMilliseconds(random.Next(4));
    }
}
