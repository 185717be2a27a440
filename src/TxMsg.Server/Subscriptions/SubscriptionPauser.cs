using TxMsg.Server.Registry;

namespace TxMsg.Server.Subscriptions;

/// <summary>Pauses and resumes subscriptions. While one is paused, messages still fan out to it; nothing is sent.</summary>
public sealed class SubscriptionPauser(RegistryCache registry, TimeProvider time)
{
    /// <summary>Pauses; false when there is no such active subscription.</summary>
    public Task<bool> PauseAsync(string name, string? reason) => ChangeAsync("PauseSubscription", name, reason);

    /// <summary>Resumes; false when there is no such paused subscription.</summary>
    public Task<bool> ResumeAsync(string name) => ChangeAsync("ResumeSubscription", name, null);

    private Task<bool> ChangeAsync(string statement, string name, string? reason) =>
        registry.ChangeAsync(statement, new { name, reason, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
}
