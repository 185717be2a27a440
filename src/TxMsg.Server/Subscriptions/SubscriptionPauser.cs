using TxMsg.Server.Audit;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Subscriptions;

/// <summary>Pauses and resumes subscriptions. While one is paused, messages still fan out to it; nothing is sent.</summary>
public sealed class SubscriptionPauser(RegistryCache registry, TimeProvider time)
{
    /// <summary>Pauses; false when there is no such active subscription.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="actor">Who pauses it.</param>
    /// <param name="reason">Why; shown for as long as it is paused.</param>
    /// <param name="detail">What else the audit keeps.</param>
    public Task<bool> PauseAsync(string name, string actor, string? reason, string? detail = null) =>
        PauseAsync(name, static _ => true, actor, reason, detail);

    /// <summary>Pauses for what an attempt met; false when there is no such active subscription, or it points elsewhere by now.</summary>
    /// <param name="attempted">The subscription as it was attempted.</param>
    /// <param name="actor">Who pauses it.</param>
    /// <param name="reason">Why; shown for as long as it is paused.</param>
    /// <param name="detail">What else the audit keeps.</param>
    public Task<bool> PauseAsync(Subscription attempted, string actor, string? reason, string? detail) =>
        PauseAsync(attempted.Name, row => row.Id == attempted.Id && new Uri(row.Endpoint) == attempted.Endpoint, actor, reason, detail);

    /// <summary>Resumes; false when there is no such paused subscription.</summary>
    public Task<bool> ResumeAsync(string name, string actor, string? reason) =>
        ChangeAsync(
            "ResumeSubscription", name, static row => row.State == (int)SubscriptionState.Paused, new { name, now = Now }, AuditActions.ResumeSubscription, actor, reason, null);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private Task<bool> PauseAsync(string name, Func<SubscriptionRow, bool> isMeant, string actor, string? reason, string? detail) =>
        ChangeAsync(
            "PauseSubscription", name, row => row.State == (int)SubscriptionState.Active && isMeant(row), new { name, reason, now = Now }, AuditActions.PauseSubscription,
            actor, reason, detail);

    // Whether it applies is asked in the transaction: nobody changes the row between the look and the change.
    private Task<bool> ChangeAsync(string statement, string name, Func<SubscriptionRow, bool> applies, object parameters, string action, string actor, string? reason, string? detail) =>
        registry.ChangeAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<SubscriptionRow>("FindSubscriptionToChange", new { name });
            if (row is null || !applies(row)) return [];
            await connection.ExecuteAsync(statement, parameters);
            return [new AuditEntry { At = time.GetUtcNow(), Actor = actor, Action = action, SubscriptionId = row.Id, Reason = reason, Detail = detail }];
        });
}
