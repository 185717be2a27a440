using System.Collections.Concurrent;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The producer's side of a check-back: answers by message id, and <c>unknown</c> for what it was told nothing about.</summary>
public sealed class CheckBackEndpoint
{
    private readonly ConcurrentDictionary<string, Answer> answers = new();
    private volatile Answer otherwise = Answer.Verdict(Verdicts.Unknown);

    public CheckBackEndpoint(Inbox inbox)
    {
        Inbox = inbox;
        inbox.AnswerBy(request => answers.GetValueOrDefault(request.MessageId, otherwise));
    }

    public Inbox Inbox { get; }

    public void Decide(string id, string verdict) => answers[id] = Answer.Verdict(verdict);

    public void AnswerFor(string id, Answer answer) => answers[id] = answer;

    /// <summary>The answer for every id it was told nothing about.</summary>
    public void AnswerOtherwise(Answer answer) => otherwise = answer;

    public Task<IReadOnlyList<ReceivedRequest>> AskedAsync(string id, int times = 1, TimeSpan? within = null) =>
        Inbox.WaitForAsync(id, times, within);
}
