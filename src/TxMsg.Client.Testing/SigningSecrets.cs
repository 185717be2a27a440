using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Testing;

/// <summary>The secret that signs, and for a day after a rotation the one before it, too.</summary>
internal sealed class SigningSecrets(string? given)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    private WebhookSecret current = given is null ? WebhookSecret.Generate() : WebhookSecret.Parse(given);
    private WebhookSecret? previous;
    private DateTimeOffset previousExpiresAt;

    public string Current => current.Reveal();

    /// <summary>Whether another one has taken its place.</summary>
    public bool Rotate(string? secret, DateTimeOffset now)
    {
        if (secret is null || secret == Current) return false;
        (current, previous, previousExpiresAt) = (WebhookSecret.Parse(secret), current, now + Overlap);
        return true;
    }

    public string Sign(string id, DateTimeOffset now, ReadOnlySpan<byte> body) =>
        WebhookSignature.Sign(previous is not null && now < previousExpiresAt ? [current, previous] : [current], id, now.ToUnixTimeSeconds(), body);
}
