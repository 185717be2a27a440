using System.Text.Json;
using Microsoft.Extensions.Options;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Http;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Subscriptions;

/// <summary>Makes, changes and deletes subscriptions, and rotates their secrets.</summary>
public sealed class SubscriptionAdministration(
    StoreDatabase database, RegistryCache registry, SigningEntries entries, IOptions<DeliveryOptions> defaults, OutletDirectory outlets, TimeProvider time)
{
    private static readonly SigningEntryStatements Statements = new("InsertSubscription", "UpdateSubscription", "RotateSubscriptionSecret");

    /// <summary>Makes or changes a subscription. The secret is in the result only when it was created or rotated.</summary>
    public async Task<(SubscriptionResource Subscription, bool Created)> PutAsync(string name, SubscriptionRequest request)
    {
        var existing = registry.Current.FindSubscription(name);
        var (created, secret) = await entries.PutAsync(
            Statements, name, existing?.Secrets, request.Secret, (encrypted, now) => Parameters(name, request, encrypted, now));
        var subscription = registry.Current.FindSubscription(name)!;
        if (existing is not null && existing.Endpoint != subscription.Endpoint) outlets[subscription.Id].Backoff.Succeeded();
        return (await ToResourceAsync(subscription, CancellationToken.None) with { Secret = secret }, created);
    }

    /// <summary>Makes a new secret; the old one signs beside it for a day. Null when there is no such subscription.</summary>
    public Task<string?> RotateSecretAsync(string name) => entries.RotateSecretAsync(Statements, name);

    /// <summary>Deletes a subscription with all that waits for it; false when there is none.</summary>
    public Task<bool> DeleteAsync(string name) => registry.ChangeAsync("DeleteSubscription", new { name, now = time.GetUtcNow().ToUnixTimeMilliseconds() });

    /// <summary>A subscription as the API shows it, without its secret.</summary>
    public async Task<SubscriptionResource> ToResourceAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var counts = await database.ReadAsync(
            connection => connection.QuerySingleAsync<BacklogCounts>("CountDeliveriesOfSubscription", new { id = subscription.Id }), cancellationToken);
        return ToResource(subscription, counts);
    }

    /// <summary>All subscriptions as the API shows them.</summary>
    public async Task<IReadOnlyList<SubscriptionResource>> ListAsync(CancellationToken cancellationToken)
    {
        var backlogs = await BacklogReader.ReadAsync(database, cancellationToken);
        return registry.Current.Subscriptions.Select(subscription => ToResource(subscription, backlogs[subscription.Id])).ToArray();
    }

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

    private static object Parameters(string name, SubscriptionRequest request, string encrypted, long now) => new
    {
        name,
        topic = request.Topic,
        endpoint = request.Endpoint,
        tags = request.Tags is { Count: > 0 } tags ? JsonSerializer.Serialize(tags.ToArray(), WireJson.Default.StringArray) : null,
        ordered = request.Ordered == true ? 1 : 0,
        maxConcurrency = request.MaxConcurrency,
        timeoutMs = ProducerAdministration.Milliseconds(request.TimeoutSeconds),
        retrySchedule = request.RetryScheduleSeconds is { } schedule ? JsonSerializer.Serialize(schedule.ToArray(), WireJson.Default.DoubleArray) : null,
        secret = encrypted,
        now,
    };
}
