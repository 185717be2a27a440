using TxMsg.Contracts.Signatures;

namespace TxMsg.Server.Registry;

/// <summary>The secret that signs, and beside it the one before for as long as it is valid.</summary>
public sealed record SigningSecrets(WebhookSecret Current, WebhookSecret? Previous, DateTimeOffset PreviousExpiresAt)
{
    private readonly WebhookSecret[] current = [Current];
    private readonly WebhookSecret[] both = Previous is null ? [Current] : [Current, Previous];

    /// <summary>How long a rotated secret still signs.</summary>
    public static TimeSpan Overlap { get; } = TimeSpan.FromDays(1);

    /// <summary>The secrets valid at a time: one or two.</summary>
    public IReadOnlyList<WebhookSecret> ValidAt(DateTimeOffset now) => Previous is not null && now < PreviousExpiresAt ? both : current;
}
