using TxMsg.Contracts;

namespace TxMsg.FaultTests.Simulation;

/// <summary>What the peers of a world do with the requests that nodes send.</summary>
internal sealed partial class World
{
    private readonly Dictionary<(string, int), int> arrivals = [];

    /// <summary>A request leaves a node.</summary>
    public void Arrive(Call call, TaskCompletionSource<HttpResponseMessage> answer)
    {
        if (Find(call.MessageId) is not { } message)
        {
            Recorder.Violated("I2", $"a request speaks of {call.MessageId}, which nobody sent");
            return;
        }

        var isCheckBack = call.Host.StartsWith("producer", StringComparison.Ordinal);
        var peer = int.Parse(call.Host.Split('-')[1].Split('.')[0]);
        var name = call.Host.Split('.')[0];
        var count = arrivals[(call.Host, message.Index)] = arrivals.GetValueOrDefault((call.Host, message.Index)) + 1;
        var fate = Fates.Of(weather[isCheckBack ? peer : History.Producers + peer], Dice.Roll("fate", peer, message.Index, count * 2 + (isCheckBack ? 1 : 0)));
        var number = isCheckBack ? NumberOf(call) : int.Parse(call.Header(HeaderNames.Attempt)!);
        var attempt = Recorder.Sent(call, message, name, number, fate, isCheckBack);
        if (!isCheckBack) Check(call, message, attempt);
        if (fate.Arrives() && isCheckBack) attempt.Verdict = AnswerOf(message, count);
        var latency = TimeSpan.FromMilliseconds(1 + Dice.Roll("latency", peer, message.Index, count) * (Dice.Roll("slow", peer, message.Index, count) < 0.1 ? 2500 : 60));
        if (Call.Answering(fate, isCheckBack ? BodyOf(fate, attempt.Verdict) : null) is { } complete) Clock.After(latency, () => Complete(call, attempt, () => complete(answer)));
    }

    private static int NumberOf(Call call)
    {
        using var json = System.Text.Json.JsonDocument.Parse(call.Body);
        return json.RootElement.GetProperty("attempt").GetInt32();
    }

    private static string? BodyOf(Fate fate, string? verdict) => fate == Fate.Nonsense ? "{\"verdict\":\"perhaps\"}" : $$"""{"verdict":"{{verdict}}"}""";

    private string AnswerOf(SimMessage message, int count)
    {
        var verdict = Producers.Answer(message, count);
        if (verdict != Verdicts.Unknown) Producers.Asks(message, verdict == Verdicts.Commit);
        return verdict;
    }

    private void Complete(Call call, Attempt attempt, Action complete)
    {
        if (!call.Node.IsAlive) return;
        attempt.AnsweredAt = Recorder.NextMoment();
        complete();
    }

    // What a consumer can see at once.
    private void Check(Call call, SimMessage message, Attempt attempt)
    {
        if (!message.CommitAsked) Recorder.Violated("I2", $"{attempt}, which nobody has committed");
        if (!call.Body.AsSpan().SequenceEqual(message.Payload)) Recorder.Violated("I2", $"{attempt} has another payload");
        if (call.Header(HeaderNames.Type) != message.Topic || call.Header(HeaderNames.Subscription) != attempt.Peer)
            Recorder.Violated("I2", $"{attempt} has another topic or subscription");
        if (call.Header(HeaderNames.Source) != $"/producers/producer-{message.Producer}") Recorder.Violated("I2", $"{attempt} has another source");
    }
}
