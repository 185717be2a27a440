using System.Collections.Concurrent;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>One path of a receiver: what came, and what is answered.</summary>
public sealed class Inbox(Uri url)
{
    private readonly ConcurrentQueue<ReceivedRequest> received = new();
    private readonly Lock counting = new();
    private volatile Func<ReceivedRequest, Answer> answer = _ => Answer.Ok;
    private int inFlight;

    public Uri Url { get; } = url;

    public IReadOnlyList<ReceivedRequest> Received => [.. received];

    /// <summary>The most requests that were ever being answered at the same time.</summary>
    public int MostInFlight { get; private set; }

    public void AnswerWith(Answer always) => answer = _ => always;

    public void AnswerBy(Func<ReceivedRequest, Answer> rule) => answer = rule;

    /// <summary>Gives these answers one after the other, and the last for ever.</summary>
    public void AnswerInTurn(params Answer[] answers)
    {
        var turn = -1;
        answer = _ => answers[Math.Min(Interlocked.Increment(ref turn), answers.Length - 1)];
    }

    public IReadOnlyList<ReceivedRequest> Of(string messageId) => [.. received.Where(request => request.MessageId == messageId)];

    /// <summary>Waits for the given number of requests for one message.</summary>
    public async Task<IReadOnlyList<ReceivedRequest>> WaitForAsync(string messageId, int count = 1, TimeSpan? within = null)
    {
        await Eventually.HoldsAsync(
            () => Of(messageId).Should().HaveCountGreaterThanOrEqualTo(count, "requests for {0} were expected at {1}", messageId, Url),
            within);
        return Of(messageId);
    }

    /// <summary>Waits until each of these messages came at least once, in whatever order.</summary>
    public Task WaitForAllAsync(IReadOnlyCollection<string> messageIds, TimeSpan? within = null) => Eventually.HoldsAsync(
        () => messageIds.Except(received.Select(request => request.MessageId)).Should().BeEmpty("all of them were expected at {0}", Url),
        within);

    internal Answer Take(ReceivedRequest request)
    {
        received.Enqueue(request);
        lock (counting)
        {
            MostInFlight = Math.Max(MostInFlight, ++inFlight);
        }

        return answer(request);
    }

    internal void Done()
    {
        lock (counting)
        {
            inFlight--;
        }
    }
}
