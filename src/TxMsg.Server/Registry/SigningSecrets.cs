using TxMsg.Contracts.Signatures;

namespace TxMsg.Server.Registry;

/// <summary>The secret that signs, and beside it those before it, the newest first, each for as long as it is valid.</summary>
public sealed class SigningSecrets
{
    private readonly RetiredSecret[] retired;
    private readonly WebhookSecret[] all;
    private readonly DateTimeOffset allUntil;

    /// <summary>A secret that was set again after another one signs once.</summary>
    public SigningSecrets(WebhookSecret current, params IReadOnlyList<RetiredSecret> retired)
    {
        Current = current;
        this.retired = [.. retired.Where(one => one.Secret.Reveal() != current.Reveal()).DistinctBy(one => one.Secret.Reveal())];
        all = [current, .. this.retired.Select(one => one.Secret)];
        allUntil = this.retired.Length == 0 ? DateTimeOffset.MaxValue : this.retired.Min(one => one.ExpiresAt);
    }

    /// <summary>The one that signs.</summary>
    public WebhookSecret Current { get; }

    /// <summary>How long a rotated secret still signs.</summary>
    public static TimeSpan Overlap { get; } = TimeSpan.FromDays(1);

    /// <summary>The secrets valid at a time, the one that signs first.</summary>
    public IReadOnlyList<WebhookSecret> ValidAt(DateTimeOffset now) =>
        now < allUntil ? all : [Current, .. retired.Where(one => now < one.ExpiresAt).Select(one => one.Secret)];
}

/// <summary>A secret that another one has taken the place of.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="ExpiresAt">Until when it signs too.</param>
public readonly record struct RetiredSecret(WebhookSecret Secret, DateTimeOffset ExpiresAt);
