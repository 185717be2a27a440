using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Testing;

/// <summary>The secret that signs, and each that was rotated for a day after its rotation, too.</summary>
internal sealed class SigningSecrets(string? given)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    private readonly List<(WebhookSecret Secret, DateTimeOffset ExpiresAt)> retired = [];
    private WebhookSecret current = given is null ? WebhookSecret.Generate() : WebhookSecret.Parse(given);

    public string Current => current.Reveal();

    /// <summary>Whether another one has taken its place.</summary>
    public bool Rotate(string? secret, DateTimeOffset now)
    {
        if (secret is null || secret == Current) return false;
        retired.Insert(0, (current, now + Overlap));
        current = WebhookSecret.Parse(secret);
        return true;
    }

    public string Sign(string id, DateTimeOffset now, ReadOnlySpan<byte> body) =>
        WebhookSignature.Sign([current, .. retired.Where(one => now < one.ExpiresAt).Select(one => one.Secret)], id, now.ToUnixTimeSeconds(), body);
}
