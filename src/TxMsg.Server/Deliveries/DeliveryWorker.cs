using Microsoft.Extensions.Options;
using TxMsg.Server.Alerts;
using TxMsg.Server.Audit;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Deliveries;

/// <summary>Makes attempts and records what became of them.</summary>
public sealed partial class DeliveryWorker(
    DeliverySender sender,
    ContentReader contents,
    GroupCommitter committer,
    RegistryCache registry,
    SubscriptionPauser pauser,
    OutletDirectory outlets,
    AlertSignal alerts,
    IOptions<DeliveryOptions> options,
    IOptions<WebhookOptions> webhooks,
    TimeProvider time,
    ILogger<DeliveryWorker> logger,
    Random? random = null) : IDeliveryWorker, IDisposable
{
    private readonly CancellationTokenSource aborting = new();
    private readonly LogThrottle notRecorded = new(LogThrottle.OfFailures, time);
    private readonly LogThrottle notPaused = new(LogThrottle.OfFailures, time);
    private volatile bool stopping;

    /// <inheritdoc/>
    public TimeSpan Lease => options.Value.Lease;

    /// <inheritdoc/>
    /// <remarks>No more than there may be connections: the others would wait for one in the time that they have for an answer, and fail though
    /// the endpoint is well.</remarks>
    public int ConcurrencyOf(long subscriptionId) => Math.Min(
        registry.Current.FindSubscription(subscriptionId)?.MaxConcurrency ?? options.Value.MaxConcurrencyPerSubscription, webhooks.Value.MaxConnectionsPerEndpoint);

    /// <summary>From now on what is queued is given back; what is under way is finished.</summary>
    public void Stop() => stopping = true;

    /// <summary>Breaks off what is still under way.</summary>
    public void Abort() => aborting.Cancel();

    /// <inheritdoc/>
    public void Dispose() => aborting.Dispose();

    /// <inheritdoc/>
    public async Task WorkAsync(SubscriptionOutlet outlet, LeasedDelivery delivery)
    {
        try
        {
            var result = await AttemptAsync(outlet, delivery);
            if (result is null) outlet.Finished(delivery);
            else _ = RecordAsync(outlet, result);
        }
#pragma warning disable CA1031 // An unforeseen fault must not end the outlet; the lease expires and the delivery is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogAttemptBroken(delivery.MessageId, delivery.SubscriptionId, exception);
            outlet.Finished(delivery);
        }
    }

    private async Task<DeliveryResult?> AttemptAsync(SubscriptionOutlet outlet, LeasedDelivery delivery)
    {
        var now = time.GetUtcNow();
        // The lease was lost (the process was stopped for long, say): the row is another holder's.
        if (outlets.TryLetGo(delivery, now.ToUnixTimeMilliseconds())) return null;
        var subscription = registry.Current.FindSubscription(delivery.SubscriptionId);
        if (stopping || subscription is not { State: SubscriptionState.Active }) return Release(delivery, now);
        // Due at once: who closes the back-off, and a node that reaches the endpoint, need not wait for it.
        if (outlet.Backoff.IsOpen(now)) return Release(delivery, now);
        var timeout = subscription.Timeout ?? options.Value.Timeout;
        try
        {
            var content = delivery.Content ?? await contents.FindAsync(delivery, aborting.Token);
            if (content is null) return null;
            // Its outcome may wait long for a store that fails, and must not hold the content meanwhile.
            delivery.Content = null;
            var result = await sender.SendAsync(delivery, content, subscription, timeout, aborting.Token);
            var (recorded, pausesSubscription) = Judge(outlet, delivery, subscription, now, result);
            if (pausesSubscription) await PauseAsync(subscription, delivery);
            return recorded;
        }
        catch (DamagedContentException damage)
        {
            // No later attempt would find it whole, and nothing else must be sent under its id.
            LogDamaged(delivery.MessageId, subscription.Name, damage);
            return Bury(delivery, subscription, now, damage.Message);
        }
        catch (OperationCanceledException) when (aborting.IsCancellationRequested)
        {
            // Whether the receiver has it is not known: it is tried again.
            return Release(delivery, now);
        }
    }

    private async Task PauseAsync(Subscription subscription, LeasedDelivery delivery)
    {
        try
        {
            await pauser.PauseAsync(subscription, AuditActors.TxMsg, "The endpoint answered 410 Gone.", AuditDetail.Of(("messageId", delivery.MessageId.ToString())));
        }
#pragma warning disable CA1031 // Whatever it was, what came of the attempt is recorded: else the message would be sent again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (notPaused.TryTake(out var count)) LogNotPaused(count, subscription.Name, delivery.MessageId, exception);
        }
    }

    private (DeliveryResult Recorded, bool PausesSubscription) Judge(SubscriptionOutlet outlet, LeasedDelivery delivery, Subscription subscription, DateTimeOffset began, WebhookResult result)
    {
        var schedule = subscription.RetryScheduleSeconds ?? options.Value.Schedule;
        var number = delivery.Attempts + 1;
        var judgement = AttemptJudge.Judge(result, number - delivery.ScheduleStart, schedule, (random ?? Random.Shared).NextDouble());
        var now = time.GetUtcNow();
        outlet.NoteLatency(result.Latency);
        CoordinatorMetrics.RecordAttempt(judgement.Event, result, delivery, now);
        var error = ErrorOf(result);
        if (judgement.Event == DeliveryEvent.Acknowledge) outlet.Counters.Succeeded(now);
        else outlet.Counters.Failed(now, result.Status, error);
        NoteForBackoff(outlet, delivery, subscription, judgement, now);
        if (judgement.Event == DeliveryEvent.DeadLetter) LogDeadLettered(delivery.MessageId, subscription.Name, number, result.Status);
        var recorded = new DeliveryResult(delivery, judgement.Event)
        {
            DueAt = (now + judgement.RetryIn).ToUnixTimeMilliseconds(),
            NextToken = TakesOnNext(outlet, delivery, judgement.Event) ? LeaseToken.New() : null,
            Attempt = new DeliveryAttempt(
                number, began.ToUnixTimeMilliseconds(), subscription.Endpoint.AbsoluteUri, OutcomeOf(judgement.Event, result),
                result.Status, (long)result.Latency.TotalMilliseconds, error),
        };
        return (recorded, judgement.PausesSubscription);
    }

    // Not while others wait in the store for room here: it would go by turns among some lanes until they are empty.
    private bool TakesOnNext(SubscriptionOutlet outlet, LeasedDelivery delivery, DeliveryEvent @event) =>
        delivery.LaneKey is not null && @event is (DeliveryEvent.Acknowledge or DeliveryEvent.DeadLetter) && !outlet.HasMoreDue && !stopping;

    private void NoteForBackoff(SubscriptionOutlet outlet, LeasedDelivery delivery, Subscription subscription, Judgement judgement, DateTimeOffset now)
    {
        // Somebody has changed or resumed it meanwhile: how the endpoint was before must not hold it back.
        if (registry.Current.FindSubscription(subscription.Id) is { } current && current.UpdatedAt != subscription.UpdatedAt) return;
        if (!judgement.EndpointFailed) outlet.Backoff.Succeeded();
        else if (outlet.Backoff.Failed(now, subscription.RetryScheduleSeconds ?? options.Value.Schedule, delivery.MessageId, judgement.Asked))
            LogBackedOff(subscription.Name, outlet.Backoff.Until);
    }

    private async Task RecordAsync(SubscriptionOutlet outlet, DeliveryResult result)
    {
        LeasedDelivery? next = null;
        try
        {
            next = await WriteAsync(outlet, result);
            // The next of its ordering key, or a retry that is due soon.
            if (result is { Delivery.LaneKey: not null, NextToken: null }) outlets.Wake();
            if (result.Event == DeliveryEvent.DeadLetter) alerts.Raise();
        }
#pragma warning disable CA1031 // Nobody awaits this; what is not logged here would never be seen.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (notRecorded.TryTake(out var count)) LogNotRecorded(count, result.Delivery.MessageId, result.Delivery.SubscriptionId, exception);
        }
        finally
        {
            outlet.Finished(result.Delivery, next);
        }
    }

    // A store that fails must not cost the receiver a second delivery. Its lease may have ended meanwhile: as long as nobody else has taken
    // the delivery, the row still carries this node's token, the one it had or one that it is just taking anew.
    // Returns the next delivery of its lane, which this node holds now.
    private async Task<LeasedDelivery?> WriteAsync(SubscriptionOutlet outlet, DeliveryResult result)
    {
        LeasedDelivery? next = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var token = result.Delivery.LeaseToken;
                var written = attempt == 1 ? result : result.Again();
                var isRecorded = await WriteAsync(written);
                next ??= written.Next;
                if (isRecorded) return next;
                await outlet.Claim;
                if (token == result.Delivery.LeaseToken || !MayRecord(result.Delivery)) return next;
            }
            catch (StoreUnavailableException) when (MayRecord(result.Delivery))
            {
                await Task.Delay(StoreDatabase.RetryDelay(attempt), time);
            }
        }
    }

    // Where others are likely to wait behind it in its lane, it does not wait for company.
    private Task<bool> WriteAsync(DeliveryResult result) => result.Delivery.IsSuccessor ? committer.WriteOwnAsync(result) : committer.WriteDeferredAsync(result);

    private bool MayRecord(LeasedDelivery delivery) => !aborting.IsCancellationRequested && outlets.Holds(delivery);

    private static DeliveryResult Bury(LeasedDelivery delivery, Subscription subscription, DateTimeOffset now, string error) =>
        new(delivery, DeliveryEvent.DeadLetter)
        {
            Attempt = new DeliveryAttempt(delivery.Attempts + 1, now.ToUnixTimeMilliseconds(), subscription.Endpoint.AbsoluteUri, "damaged", null, 0, error),
        };

    private static DeliveryResult Release(LeasedDelivery delivery, DateTimeOffset dueAt)
    {
        OutletDirectory.NoteGivenBack(delivery);
        return new DeliveryResult(delivery, DeliveryEvent.Release) { DueAt = dueAt.ToUnixTimeMilliseconds() };
    }

    internal static string OutcomeOf(DeliveryEvent @event, WebhookResult result) =>
        @event == DeliveryEvent.Acknowledge ? "delivered"
        : result.Outcome == WebhookOutcome.Answered ? "refused"
        : char.ToLowerInvariant(result.Outcome.ToString()[0]) + result.Outcome.ToString()[1..];

    internal static string? ErrorOf(WebhookResult result)
    {
        var error = result.ErrorBody is { Length: > 0 } body ? $"{result.Error}: {body}" : result.Error;
        return error is { Length: > 1000 } ? error[..1000] : error;
    }
}
