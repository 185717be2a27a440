using TxMsg.Client.Coordinator;
using TxMsg.Client.Consuming;
using TxMsg.Client.Producing;
using TxMsg.Contracts;
using TxMsg.Contracts.Messages;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Testing;

public sealed partial class InMemoryCoordinator
{
    private const string Unreachable = "unreachable";

    private readonly Dictionary<string, Func<MessageEntry, CancellationToken, Task<(CheckBackAnswer? Answer, string? Error)>>> responders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<DeliveryRequest, CancellationToken, Task<DeliveryAnswer>>> receivers = new(StringComparer.Ordinal);
    private readonly HashSet<string> duplicated = new(StringComparer.Ordinal);
    private readonly HashSet<string> unacknowledged = new(StringComparer.Ordinal);
    private readonly List<RecordedAttempt> attempts = [];
    private readonly List<RecordedCheckBack> checkBacks = [];
    private int busy;

    /// <summary>The attempts of all deliveries, in the order they were made.</summary>
    public IReadOnlyList<RecordedAttempt> Attempts => Locked(_ => attempts.ToArray());

    /// <summary>The check-backs, in the order they were made.</summary>
    public IReadOnlyList<RecordedCheckBack> CheckBacks => Locked(_ => checkBacks.ToArray());

    /// <summary>Has a producer's check-backs answered by its own responder, from signed requests. Without any the producer is unreachable.</summary>
    /// <param name="producer">The producer.</param>
    /// <param name="responder">Its responder, with the secret that the producer is registered with.</param>
    public void AnswerCheckBacks(string producer, CheckBackResponder responder) => AnswerCheckBacks(producer, () => responder);

    /// <summary>Has a producer's check-backs answered by the test.</summary>
    /// <param name="producer">The producer.</param>
    /// <param name="answer">The answer; null: the producer cannot be reached.</param>
    public void AnswerCheckBacks(string producer, Func<CheckBackRequest, CheckBackAnswer?> answer)
    {
        lock (gate) responders[producer] = (message, _) => Task.FromResult((answer(CheckBackComposer.Request(message)), (string?)null));
    }

    /// <summary>Has a subscription's deliveries received, as signed requests. Without a receiver they fail.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="receive">Takes a request and says what to answer. An exception is the test's: it comes out of <see cref="AdvanceAsync"/>.</param>
    public void Receive(string subscription, Func<DeliveryRequest, CancellationToken, Task<DeliveryAnswer>> receive)
    {
        lock (gate) receivers[subscription] = receive;
    }

    /// <summary>Has a subscription's deliveries handled once by a consumer with an inbox.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="consumer">The consumer, with the secret that the subscription is registered with.</param>
    /// <param name="handler">What handles them.</param>
    public void Receive(string subscription, Consumer consumer, DeliveryHandler handler) =>
        Receive(subscription, (request, cancellationToken) => consumer.ReceiveAsync(request, handler, cancellationToken));

    /// <summary>Has a subscription's deliveries handled by a consumer without an inbox.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="consumer">The consumer, with the secret that the subscription is registered with.</param>
    /// <param name="handler">What handles them.</param>
    public void Receive(string subscription, Consumer consumer, IdempotentHandler handler) =>
        Receive(subscription, (request, cancellationToken) => consumer.ReceiveWithoutInboxAsync(request, handler, cancellationToken));

    /// <summary>The next attempt for a subscription is sent twice, as when a node lost its lease; the first answer counts.</summary>
    public void DuplicateNextDelivery(string subscription)
    {
        lock (gate) duplicated.Add(subscription);
    }

    /// <summary>The answer to the next attempt for a subscription is lost: it was received, and is tried again on schedule.</summary>
    public void LoseNextAcknowledgement(string subscription)
    {
        lock (gate) unacknowledged.Add(subscription);
    }

    /// <summary>Moves the clock, stops wherever something is due, and does it.</summary>
    /// <param name="by">How far: zero or more. Zero does what is due now.</param>
    /// <param name="cancellationToken">Reaches the handlers, and ends it between two of them.</param>
    /// <exception cref="InvalidOperationException">It runs already: from within a handler, or on another thread.</exception>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        if (Interlocked.Exchange(ref busy, 1) == 1) throw new InvalidOperationException("The coordinator is being advanced already.");
        try
        {
            var until = Time.GetUtcNow() + by;
            while (Locked(store => store.FindDue(until)) is var (at, message, delivery))
            {
                cancellationToken.ThrowIfCancellationRequested();
                MoveTo(at);
                if (message is not null) await AskAsync(message, cancellationToken).ConfigureAwait(false);
                else await AttemptAsync(delivery!, cancellationToken).ConfigureAwait(false);
            }

            MoveTo(until);
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    /// <summary>Does what is due now: what was committed is delivered.</summary>
    /// <param name="cancellationToken">Reaches the handlers, and ends it between two of them.</param>
    public Task DeliverAsync(CancellationToken cancellationToken = default) => AdvanceAsync(TimeSpan.Zero, cancellationToken);

    /// <summary>An operator asks the producer now, about a half message or a parked one.</summary>
    /// <param name="id">The message.</param>
    /// <param name="cancellationToken">Reaches the responder.</param>
    /// <returns>False when it is decided, or not known.</returns>
    public async Task<bool> CheckBackAsync(Guid id, CancellationToken cancellationToken = default)
    {
        if (Locked(store => store.Find(id)) is not { IsUndecided: true } message) return false;
        await AskAsync(message, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>An operator sends dead letters of a subscription again, on a new schedule: due at once.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="messageIds">Which. None: all.</param>
    /// <returns>How many.</returns>
    public int Redeliver(string subscription, params Guid[] messageIds) => Locked(store => store.Finish(subscription, messageIds, redeliver: true));

    /// <summary>An operator gives dead letters of a subscription up.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="messageIds">Which. None: all.</param>
    /// <returns>How many.</returns>
    public int Discard(string subscription, params Guid[] messageIds) => Locked(store => store.Finish(subscription, messageIds, redeliver: false));

    /// <summary>An operator pauses a subscription: its deliveries wait.</summary>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    public void Pause(string subscription)
    {
        lock (gate) state.Pause(subscription, "Paused by an operator.");
    }

    /// <summary>An operator resumes a subscription that was paused, or paused itself by answering 410.</summary>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    public void Resume(string subscription)
    {
        lock (gate) state.Pause(subscription, null);
    }

    /// <summary>A subscription as the API shows it now; null when there is none.</summary>
    public SubscriptionResource? FindSubscription(string subscription) => Locked(store => store.FindSubscription(subscription));

    /// <summary>As the public one, for a responder that is made when it is first asked.</summary>
    internal void AnswerCheckBacks(string producer, Func<CheckBackResponder> responder)
    {
        lock (gate) responders[producer] = RespondAsync;

        async Task<(CheckBackAnswer?, string?)> RespondAsync(MessageEntry message, CancellationToken cancellationToken)
        {
            var result = await CheckBackComposer.AskAsync(responder(), message, Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            return (result.Answer, result.Problem);
        }
    }

    private void MoveTo(DateTimeOffset then)
    {
        var now = Time.GetUtcNow();
        if (then > now) Time.Advance(then - now);
    }

    private async Task AskAsync(MessageEntry message, CancellationToken cancellationToken)
    {
        var at = Time.GetUtcNow();
        var producer = message.Producer.Name;
        var (answer, error) = Locked(_ => responders.GetValueOrDefault(producer)) is { } respond
            ? await respond(message, cancellationToken).ConfigureAwait(false)
            : (null, $"Nobody answers the check-backs of {producer}; see {nameof(AnswerCheckBacks)}.");
        var word = answer switch
        {
            CheckBackAnswer.Commit => Verdicts.Commit,
            CheckBackAnswer.Rollback => Verdicts.Rollback,
            CheckBackAnswer.Unknown => Verdicts.Unknown,
            _ => Unreachable,
        };
        lock (gate)
        {
            checkBacks.Add(new RecordedCheckBack(at, message.Content.Id, producer, message.CheckBacks + 1, word, error));
            message.NoteCheckBack(word, Time.GetUtcNow());
            // The first verdict wins: one that came meanwhile stays.
            if (message.IsUndecided && word is Verdicts.Commit or Verdicts.Rollback) state.Decide(message.Content.Id, word, "checkBack");
        }
    }

    private async Task AttemptAsync(DeliveryEntry delivery, CancellationToken cancellationToken)
    {
        var subscription = delivery.Subscription.Name;
        var answer = await SendAsync(delivery, cancellationToken).ConfigureAwait(false);
        if (Locked(_ => duplicated.Remove(subscription))) await SendAsync(delivery, cancellationToken).ConfigureAwait(false);
        if (Locked(_ => unacknowledged.Remove(subscription))) answer = new AttemptAnswer(null, Error: "The answer was lost.");
        lock (gate) state.NoteAttempt(delivery, answer);
    }

    private async Task<AttemptAnswer> SendAsync(DeliveryEntry delivery, CancellationToken cancellationToken)
    {
        var at = Time.GetUtcNow();
        var subscription = delivery.Subscription.Name;
        var answer = new AttemptAnswer(null, Error: $"Nobody receives {subscription}; see {nameof(Receive)}.");
        if (Locked(_ => receivers.GetValueOrDefault(subscription)) is { } receive)
        {
            var received = await receive(DeliveryComposer.Compose(delivery, at), cancellationToken).ConfigureAwait(false);
            answer = new AttemptAnswer(received.Status, received.RetryAfter, received.Detail);
        }

        lock (gate) attempts.Add(new RecordedAttempt(at, delivery.Message.Content.Id, subscription, delivery.Attempts + 1, answer.Status, answer.Error));
        return answer;
    }
}
