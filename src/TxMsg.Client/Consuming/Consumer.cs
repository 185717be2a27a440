using Microsoft.Extensions.Logging;

namespace TxMsg.Client.Consuming;

/// <summary>Takes deliveries of the coordinator: verifies and reads each request, handles it once, and says what to answer.
/// Needs no framework. Safe for concurrent use.</summary>
public sealed partial class Consumer
{
    private readonly ILogger<Consumer> logger;
    private readonly TimeProvider time;
    private readonly DeliveryReader reader;

    /// <param name="options">How; not to be changed afterwards.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of refusals and failures.</param>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public Consumer(ConsumerOptions options, TimeProvider time, ILogger<Consumer> logger)
    {
        Options = options;
        this.time = time;
        this.logger = logger;
        reader = new DeliveryReader(options, time);
        Session = new InboxSession(new Inbox(time), options);
    }

    internal ConsumerOptions Options { get; }

    internal InboxSession Session { get; }

    /// <summary>Handles a delivery once, however often it comes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="handler">Asked only for a delivery that was not handled before.</param>
    /// <param name="cancellationToken">The coordinator no longer waits, or the application stops: the answer is 503.</param>
    /// <exception cref="InvalidOperationException">The options have no <see cref="ConsumerOptions.Connect"/>.</exception>
    public Task<DeliveryAnswer> ReceiveAsync(DeliveryRequest request, DeliveryHandler handler, CancellationToken cancellationToken = default)
    {
        RequireInbox();
        return ReceiveAsync(request, message => Session.HandleAsync(message, handler, cancellationToken), cancellationToken);
    }

    /// <summary>Has a delivery handled each time it comes: for handlers that are idempotent by themselves.</summary>
    /// <param name="request">The request.</param>
    /// <param name="handler">Asked for every delivery, repeated ones too.</param>
    /// <param name="cancellationToken">The coordinator no longer waits, or the application stops: the answer is 503.</param>
    public Task<DeliveryAnswer> ReceiveWithoutInboxAsync(DeliveryRequest request, IdempotentHandler handler, CancellationToken cancellationToken = default) =>
        ReceiveAsync(request, async message =>
        {
            var result = await HandlingOutcomes.AskAsync(handler(message, cancellationToken)).ConfigureAwait(false);
            return (HandlingOutcomes.Of(result), result);
        }, cancellationToken);

    /// <summary>Fails early where deliveries would: there is no inbox without a database.</summary>
    internal void RequireInbox()
    {
        if (Options.Connect is null)
            throw new InvalidOperationException($"{nameof(ConsumerOptions)}.{nameof(ConsumerOptions.Connect)} is needed for the inbox; a handler that is idempotent by itself can be mapped without one.");
    }

    internal DeliveryAnswer RefuseTooLarge() => Refuse(reader.TooLarge());

    private static DeliveryAnswer AnswerTo(HandlingOutcome outcome, HandlingResult? result) => outcome switch
    {
        HandlingOutcome.Duplicate or HandlingOutcome.Tested => DeliveryAnswer.Acknowledged,
        HandlingOutcome.Busy => DeliveryAnswer.Busy,
        HandlingOutcome.Stopped => DeliveryAnswer.Stopping,
        HandlingOutcome.Failed => DeliveryAnswer.Failed,
        _ => DeliveryAnswer.Of(result!),
    };

    private async Task<DeliveryAnswer> ReceiveAsync(DeliveryRequest request, Func<ReceivedMessage, Task<(HandlingOutcome Outcome, HandlingResult? Result)>> handle, CancellationToken cancellationToken)
    {
        if (!reader.TryRead(request, out var message, out var refusal)) return Refuse(refusal);
        using var span = ConsumerTracing.Start(message);
        var started = time.GetTimestamp();
        var (outcome, result) = await TryHandleAsync(message, handle, cancellationToken).ConfigureAwait(false);
        Log(message, outcome, result);
        ConsumerTracing.Finish(span, outcome);
        ConsumerMetrics.RecordHandled(message.Subscription, outcome, time.GetElapsedTime(started));
        return AnswerTo(outcome, result);
    }

    private async Task<(HandlingOutcome Outcome, HandlingResult? Result)> TryHandleAsync(
        ReceivedMessage message, Func<ReceivedMessage, Task<(HandlingOutcome Outcome, HandlingResult? Result)>> handle, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return (HandlingOutcome.Stopped, null);
        // Whoever sent it wants to know that it arrives and that its signature is right; there is nothing to handle.
        if (message.IsTest) return (HandlingOutcome.Tested, null);
        try
        {
            return await handle(message).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Providers report a cancelled statement in ways of their own.
            return (HandlingOutcome.Stopped, null);
        }
        catch (Exception e)
        {
            LogFailed(message.Id, message.Subscription, message.Attempt, e);
            return (HandlingOutcome.Failed, null);
        }
    }

    private DeliveryAnswer Refuse(DeliveryRefusal refusal)
    {
        LogRefused(refusal.Reason, refusal.Detail);
        ConsumerMetrics.RecordRefused(refusal.Reason);
        return new DeliveryAnswer(refusal.Status, Detail: refusal.Detail);
    }
}
