namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A consumer that has rejected everything so far.</summary>
public sealed record DeadConsumer(Consumer Consumer, IReadOnlyList<string> Ids)
{
    /// <summary>Sends so many messages at once and waits until all are dead letters.</summary>
    public static async Task<DeadConsumer> MakeAsync(Api api, Producer shop, Consumer consumer, int count, Func<int, Answer>? answer = null)
    {
        var turn = -1;
        consumer.Inbox.AnswerBy(_ => answer?.Invoke(Interlocked.Increment(ref turn)) ?? new Answer(422));
        var messages = Enumerable.Range(0, count).Select(_ => shop.Message(consumer.Topic) with { Id = Unique.Id(), Verdict = Verdicts.Commit }).ToArray();
        (await api.PostAsync("/v1/messages/batch", new { messages })).Expect(200);
        await Eventually.ReadAsync(
            () => api.SubscriptionAsync(consumer.Subscription), reply => reply.Json.Number("deadLettered") == count, $"{count} dead letters");
        return new DeadConsumer(consumer, [.. messages.Select(message => message.Id!)]);
    }
}
