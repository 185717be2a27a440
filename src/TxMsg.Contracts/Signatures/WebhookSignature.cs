using System.Buffers;
using System.Security.Cryptography;

namespace TxMsg.Contracts.Signatures;

/// <summary>Makes and checks the symmetric (<c>v1</c>) signatures of Standard Webhooks:
/// base64 of HMAC-SHA256 over <c>{id}.{unix seconds}.{body}</c>.</summary>
public static class WebhookSignature
{
    /// <summary>What an entry of the signature header begins with.</summary>
    public const string Version = "v1,";

    /// <summary>How far the sender's clock and the receiver's may differ, transport included, unless a receiver says otherwise: 5 minutes.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromMinutes(5);

    private const int EntryLength = 3 + 44;
    private const int MaxStackBytes = 1024;

    /// <summary>The signature under one secret: <c>v1,{base64}</c>.</summary>
    /// <param name="secret">The secret shared with the receiver.</param>
    /// <param name="id">The message id (<c>webhook-id</c>): not empty, visible ASCII without a full stop.</param>
    /// <param name="unixSeconds">The time of this attempt (<c>webhook-timestamp</c>), in seconds since 1970-01-01 UTC.</param>
    /// <param name="body">The body, byte for byte as it is sent.</param>
    /// <exception cref="ArgumentException">The id cannot be signed unambiguously.</exception>
    public static string Sign(WebhookSecret secret, string id, long unixSeconds, ReadOnlySpan<byte> body) =>
        Sign(new ReadOnlySpan<WebhookSecret>(in secret), id, unixSeconds, body);

    /// <summary>The whole <c>webhook-signature</c> header: one entry a secret, separated by a space, so that receivers
    /// holding either secret accept while one is being rotated.</summary>
    /// <param name="secrets">At least one secret.</param>
    /// <param name="id">The message id (<c>webhook-id</c>): not empty, visible ASCII without a full stop.</param>
    /// <param name="unixSeconds">The time of this attempt (<c>webhook-timestamp</c>), in seconds since 1970-01-01 UTC.</param>
    /// <param name="body">The body, byte for byte as it is sent.</param>
    /// <exception cref="ArgumentException">There is no secret, or the id cannot be signed unambiguously.</exception>
    public static string Sign(ReadOnlySpan<WebhookSecret> secrets, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        if (secrets.IsEmpty)
        {
            throw new ArgumentException("At least one secret is needed.", nameof(secrets));
        }

        if (!SignedContent.IsValidId(id))
        {
            throw new ArgumentException("A webhook id is not empty and has only visible ASCII characters other than a full stop.", nameof(id));
        }

        var length = SignedContent.Length(id, body);
        byte[]? rented = null;
        var buffer = length <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : (rented = ArrayPool<byte>.Shared.Rent(length));
        var content = buffer[..SignedContent.Write(buffer, id, unixSeconds, body)];
        var header = Join(secrets, content);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return header;
    }

    /// <summary>Checks a received request. Whoever gets <see cref="WebhookVerification.Valid"/> knows that a holder of one of the
    /// secrets sent this body under this id within the tolerance.</summary>
    /// <param name="header">The <c>webhook-signature</c> header, or null when it is absent.</param>
    /// <param name="id">The <c>webhook-id</c> header, or null when it is absent.</param>
    /// <param name="timestamp">The <c>webhook-timestamp</c> header, or null when it is absent.</param>
    /// <param name="body">The body, byte for byte as it was received.</param>
    /// <param name="secrets">The secrets that count; several while one is being rotated.</param>
    /// <param name="tolerance">How far the timestamp may be from now, either way; see <see cref="DefaultTolerance"/>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative.</exception>
    public static WebhookVerification Verify(
        string? header,
        string? id,
        string? timestamp,
        ReadOnlySpan<byte> body,
        ReadOnlySpan<WebhookSecret> secrets,
        TimeSpan tolerance,
        TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(tolerance, TimeSpan.Zero);
        if (string.IsNullOrEmpty(header) || string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp))
        {
            return WebhookVerification.MissingHeader;
        }

        if (!SignedContent.IsValidId(id) || !SignedContent.TryReadTimestamp(timestamp, out var unixSeconds)
            || !SignatureHeader.IsWellFormed(header))
        {
            return WebhookVerification.Malformed;
        }

        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
        return age > tolerance ? WebhookVerification.TimestampTooOld
            : age < -tolerance ? WebhookVerification.TimestampTooNew
            : IsSignedByOneOf(secrets, header, id, unixSeconds, body) ? WebhookVerification.Valid
            : WebhookVerification.NoMatch;
    }

    private static bool IsSignedByOneOf(
        ReadOnlySpan<WebhookSecret> secrets, string header, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        foreach (var secret in secrets)
        {
            if (SignatureHeader.Contains(header, Sign(secret, id, unixSeconds, body)))
            {
                return true;
            }
        }

        return false;
    }

    private static string Join(ReadOnlySpan<WebhookSecret> secrets, ReadOnlySpan<byte> content)
    {
        var length = (secrets.Length * (EntryLength + 1)) - 1;
        var header = length <= MaxStackBytes ? stackalloc char[MaxStackBytes] : new char[length];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        for (var i = 0; i < secrets.Length; i++)
        {
            var entry = header.Slice(i * (EntryLength + 1), EntryLength);
            secrets[i].Hash(content, hash);
            Version.CopyTo(entry);
            Convert.TryToBase64Chars(hash, entry[Version.Length..], out _);
            if (i > 0)
            {
                header[(i * (EntryLength + 1)) - 1] = ' ';
            }
        }

        return new string(header[..length]);
    }
}
