namespace TxMsg.FaultTests.Workload;

/// <summary>One client of a producer: transaction after transaction of every kind, each repeated, given up or forgotten as services do.</summary>
internal sealed class ProducerClient(string producer, string name, Recorder recorder, CoordinatorCalls calls, Random random, Func<bool> isEnding)
{
    private const int BatchSize = 25;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private int place;

    /// <summary>Runs until the load ends, and leaves no local transaction open.</summary>
    public async Task RunAsync()
    {
        while (!isEnding()) await RunOneAsync();
    }

    private Task RunOneAsync() => random.Next(100) switch
    {
        < 40 => TransactAsync(Topics.Orders, commits: true, forgets: false),
        < 52 => TransactAsync(Topics.Stock, commits: true, forgets: false),
        < 62 => TransactAsync(Topics.Orders, commits: false, forgets: false),
        < 70 => TransactAsync(Topics.Orders, commits: true, forgets: true),
        < 74 => TransactAsync(Topics.Orders, commits: false, forgets: true),
        < 86 => SendOrdinaryAsync(),
        < 90 => ContradictAsync(),
        _ => TransactManyAsync(),
    };

    private async Task TransactAsync(string topic, bool commits, bool forgets)
    {
        // Only what is committed by this client itself, one after the other, has an order that can be checked.
        var message = topic == Topics.Stock ? recorder.Begin(topic, orderingKey: name, place: ++place) : recorder.Begin(topic);
        if (!await PrepareAsync(message)) return;
        message.Decide(commits ? Truth.MustArrive : Truth.MustNotArrive);
        if (forgets) return;
        // With an ordering key the next one waits for this one's verdict; else a client may give up and leave it to the check-back.
        await DecideAsync(message, commits ? Verdicts.Commit : Verdicts.Rollback, givesUp: topic != Topics.Stock);
    }

    /// <summary>False when it was given up: then the local transaction never runs.</summary>
    private async Task<bool> PrepareAsync(MessageRecord message)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await calls.PrepareAsync(producer, message);
            if (answer?.IsSuccess == true)
            {
                message.IsStored = true;
                return true;
            }

            Expect(answer, message, "a prepare");
            if (isEnding() || attempt == 3)
            {
                message.Decide(Truth.MustNotArrive);
                return false;
            }

            await Task.Delay(Pause);
        }
    }

    private async Task DecideAsync(MessageRecord message, string verdict, bool givesUp)
    {
        while (true)
        {
            var answer = await calls.DecideAsync(message, verdict);
            if (answer?.IsSuccess == true)
            {
                message.VerdictWasAcknowledged = true;
                return;
            }

            Expect(answer, message, $"a {verdict}");
            if (isEnding() || (givesUp && random.Next(4) == 0)) return;
            await Task.Delay(Pause);
        }
    }

    private async Task SendOrdinaryAsync()
    {
        var message = recorder.Begin(Topics.Orders, Truth.MayArrive);
        for (var attempt = 1; attempt <= 5 && !isEnding(); attempt++)
        {
            var answer = await calls.SendAsync(producer, message);
            if (answer?.IsSuccess == true)
            {
                message.IsStored = message.VerdictWasAcknowledged = true;
                message.Decide(Truth.MustArrive);
                return;
            }

            Expect(answer, message, "an ordinary message");
            await Task.Delay(Pause);
        }
    }

    /// <summary>A verdict that is stored never changes: the other one is refused, before a crash and after.</summary>
    private async Task ContradictAsync()
    {
        var commits = random.Next(2) == 0;
        var message = recorder.Begin(Topics.Orders);
        if (!await PrepareAsync(message)) return;
        message.Decide(commits ? Truth.MustArrive : Truth.MustNotArrive);
        var (verdict, other) = commits ? (Verdicts.Commit, Verdicts.Rollback) : (Verdicts.Rollback, Verdicts.Commit);
        await DecideAsync(message, verdict, givesUp: false);
        if (!message.VerdictWasAcknowledged) return;
        var answer = await calls.DecideAsync(message, other);
        if (answer is not null && answer.Status is not (409 or 503)) recorder.Violate($"I3: {message.Id} has the verdict {verdict}, and a {other} was answered {answer}");
    }

    private async Task TransactManyAsync()
    {
        var messages = Enumerable.Range(0, BatchSize).Select(_ => recorder.Begin(Topics.Orders)).ToList();
        var answer = await calls.PrepareAsync(producer, messages);
        var stored = answer?.Status == 200 ? Succeeded(answer, messages, "prepare") : [];
        foreach (var message in messages.Except(stored)) message.Decide(Truth.MustNotArrive);
        foreach (var message in stored)
        {
            message.IsStored = true;
            message.Decide(Truth.MustArrive);
        }

        for (var left = stored; left.Count > 0 && !isEnding();)
        {
            answer = await calls.DecideAsync(left, Verdicts.Commit);
            var decided = answer?.Status == 200 ? Succeeded(answer, left, "verdict") : [];
            foreach (var message in decided) message.VerdictWasAcknowledged = true;
            left = [.. left.Except(decided)];
            if (random.Next(4) == 0) return;
            await Task.Delay(Pause);
        }
    }

    private List<MessageRecord> Succeeded(CallAnswer answer, IReadOnlyList<MessageRecord> messages, string what)
    {
        var statuses = answer.Json.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetInt32()).ToArray();
        foreach (var (message, status) in messages.Zip(statuses).Where(pair => pair.Second is not (200 or 201 or 503))) recorder.Violate($"a batch {what} of {message.Id} was answered {status}");
        return [.. messages.Zip(statuses).Where(pair => pair.Second is 200 or 201).Select(pair => pair.First)];
    }

    /// <summary>Nothing but success, no answer, and "not now" is an answer to a right call.</summary>
    private void Expect(CallAnswer? answer, MessageRecord message, string what)
    {
        if (answer is not null && !answer.IsSuccess && answer.Status != 503) recorder.Violate($"{what} of {message.Id} was answered {answer}");
    }
}
