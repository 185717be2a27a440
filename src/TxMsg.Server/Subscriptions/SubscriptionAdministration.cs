using System.Text.Json;
using Microsoft.Extensions.Options;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.Audit;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Http;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Subscriptions;

/// <summary>Makes, changes and deletes subscriptions, and rotates their secrets.</summary>
public sealed class SubscriptionAdministration(
    StoreDatabase database, RegistryCache registry, SigningEntries<SubscriptionRow> entries, ISecretProtector protector, IOptions<DeliveryOptions> defaults,
    TimeProvider time)
{
    private static readonly SigningEntryKind Kind = new(
        "FindSubscriptionToChange", "InsertSubscription", "UpdateSubscription", "RotateSubscriptionSecret",
        AuditActions.CreateSubscription, AuditActions.ChangeSubscription, AuditActions.RotateSubscriptionSecret, IsProducer: false);

    /// <summary>Makes or changes a subscription, for the reason that stands in the request. The secret is in the result only when it was created or rotated.</summary>
    public async Task<(SubscriptionResource Subscription, bool Created)> PutAsync(string name, SubscriptionRequest request, string actor)
    {
        var existing = await registry.FindSubscriptionAsync(name, CancellationToken.None);
        // Before the change: a count that fails after it would lose a secret that is shown this once.
        var counts = existing is null ? new BacklogCounts() : await CountAsync(existing, CancellationToken.None);
        var wanted = ToRow(request);
        var outcome = await entries.PutAsync(Kind, name, wanted, request.Secret, (encrypted, now) => Parameters(name, wanted, encrypted, now), actor, request.Reason);
        var subscription = outcome.Entry.ToSubscription(protector);
        return (ToResource(subscription, counts) with { Secret = outcome.Secret }, outcome.Created);
    }

    /// <summary>Makes a new secret; the old one signs beside it for a day. Null when there is no such subscription.</summary>
    public Task<string?> RotateSecretAsync(string name, string actor, string? reason) => entries.RotateSecretAsync(Kind, name, actor, reason);

    /// <summary>Deletes a subscription with all that waits for it; false when there is none.</summary>
    public async Task<bool> DeleteAsync(string name, string actor, string? reason)
    {
        var exists = false;
        await registry.ChangeAsync(async connection =>
        {
            var now = time.GetUtcNow();
            // Or an earlier try of this call, whose commit got no answer, has deleted it.
            if (await connection.QuerySingleOrDefaultAsync<SubscriptionRow>("FindSubscriptionToChange", new { name }) is not { } row) return [];
            exists = true;
            await connection.ExecuteAsync("DeleteSubscription", new { name, now = now.ToUnixTimeMilliseconds() });
            return [new AuditEntry { At = now, Actor = actor, Action = AuditActions.DeleteSubscription, SubscriptionId = row.Id, Reason = reason, Detail = AuditDetail.Of([("name", name), .. row.Settings]) }];
        });
        return exists;
    }

    /// <summary>A subscription as the API shows it, without its secret.</summary>
    public async Task<SubscriptionResource> ToResourceAsync(Subscription subscription, CancellationToken cancellationToken) =>
        ToResource(subscription, await CountAsync(subscription, cancellationToken));

    /// <summary>All subscriptions as the API shows them.</summary>
    public async Task<IReadOnlyList<SubscriptionResource>> ListAsync(CancellationToken cancellationToken)
    {
        var backlogs = await BacklogReader.ReadAsync(database, cancellationToken);
        return registry.Current.Subscriptions.Select(subscription => ToResource(subscription, backlogs[subscription.Id])).ToArray();
    }

    private Task<BacklogCounts> CountAsync(Subscription subscription, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleAsync<BacklogCounts>("CountDeliveriesOfSubscription", new { id = subscription.Id }), cancellationToken);

    private SubscriptionResource ToResource(Subscription subscription, BacklogCounts counts) => new()
    {
        Name = subscription.Name,
        Topic = subscription.Topic,
        Endpoint = subscription.Endpoint.OriginalString,
        Tags = subscription.Tags,
        Ordered = subscription.Ordered,
        MaxConcurrency = subscription.MaxConcurrency ?? defaults.Value.MaxConcurrencyPerSubscription,
        TimeoutSeconds = (subscription.Timeout ?? defaults.Value.Timeout).TotalSeconds,
        RetryScheduleSeconds = subscription.RetryScheduleSeconds ?? defaults.Value.Schedule,
        State = subscription.State == SubscriptionState.Paused ? "paused" : "active",
        PausedReason = subscription.PausedReason,
        Pending = counts.Pending,
        Leased = counts.Leased,
        DeadLettered = counts.DeadLettered,
        CreatedAt = subscription.CreatedAt,
        UpdatedAt = subscription.UpdatedAt,
    };

    private static SubscriptionRow ToRow(SubscriptionRequest request) => new()
    {
        Topic = request.Topic,
        Endpoint = request.Endpoint,
        Tags = request.Tags is { Count: > 0 } tags ? JsonSerializer.Serialize(tags.ToArray(), WireJson.Default.StringArray) : null,
        Ordered = request.Ordered == true ? 1 : 0,
        MaxConcurrency = request.MaxConcurrency,
        TimeoutMs = ProducerAdministration.Milliseconds(request.TimeoutSeconds),
        RetrySchedule = request.RetryScheduleSeconds is { } schedule ? JsonSerializer.Serialize(schedule.ToArray(), WireJson.Default.DoubleArray) : null,
    };

    private static object Parameters(string name, SubscriptionRow wanted, string encrypted, long now) => new
    {
        name,
        topic = wanted.Topic,
        endpoint = wanted.Endpoint,
        tags = wanted.Tags,
        ordered = wanted.Ordered,
        maxConcurrency = wanted.MaxConcurrency,
        timeoutMs = wanted.TimeoutMs,
        retrySchedule = wanted.RetrySchedule,
        secret = encrypted,
        now,
    };
}
