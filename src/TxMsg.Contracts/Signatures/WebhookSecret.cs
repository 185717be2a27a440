using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace TxMsg.Contracts.Signatures;

/// <summary>A Standard Webhooks signing secret: <c>whsec_</c> and the base64 of 24 to 64 bytes. Immutable and thread-safe.</summary>
public sealed class WebhookSecret
{
    /// <summary>What the text of every secret begins with.</summary>
    public const string Prefix = "whsec_";

    /// <summary>The fewest bytes a secret may have.</summary>
    public const int MinBytes = 24;

    /// <summary>The most bytes a secret may have.</summary>
    public const int MaxBytes = 64;

    /// <summary>How many random bytes <see cref="Generate"/> takes.</summary>
    public const int GeneratedBytes = 32;

    private readonly byte[] _key;

    // keyed already: the key's schedule and the algorithm's look-up cost as much as hashing a small body
    private HMACSHA256? _idle;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>Makes a new secret of <see cref="GeneratedBytes"/> cryptographically random bytes.</summary>
    public static WebhookSecret Generate() => new(RandomNumberGenerator.GetBytes(GeneratedBytes));

    /// <summary>Reads a secret.</summary>
    /// <param name="text"><c>whsec_</c> and the padded base64 of 24 to 64 bytes.</param>
    /// <exception cref="ArgumentException">The text is not a secret; the message says why and does not repeat the text.</exception>
    public static WebhookSecret Parse(string? text) =>
        TryParse(text, out var secret, out var reason) ? secret : throw new ArgumentException(reason, nameof(text));

    /// <summary>Reads a secret, or says why the text is none.</summary>
    /// <param name="text"><c>whsec_</c> and the padded base64 of 24 to 64 bytes.</param>
    /// <param name="secret">The secret, when the result is true.</param>
    /// <param name="reason">What is wrong, when the result is false; never repeats the text.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out WebhookSecret? secret, [NotNullWhen(false)] out string? reason)
    {
        secret = null;
        reason = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            reason = $"A webhook secret begins with '{Prefix}'.";
            return false;
        }

        var encoded = text.AsSpan(Prefix.Length);
        Span<byte> key = stackalloc byte[MaxBytes + 3];

        // the decoder skips white space; a secret pasted with a line break would then work here and fail elsewhere
        if (encoded.ContainsAny(" \t\r\n") || !Convert.TryFromBase64Chars(encoded, key, out var written))
        {
            reason = $"What follows '{Prefix}' is not the base64 of {MinBytes} to {MaxBytes} bytes without white space.";
        }
        else if (written is < MinBytes or > MaxBytes)
        {
            reason = $"A webhook secret has {MinBytes} to {MaxBytes} bytes; this one has {written}.";
        }
        else
        {
            secret = new WebhookSecret(key[..written].ToArray());
        }

        CryptographicOperations.ZeroMemory(key);
        return secret is not null;
    }

    /// <summary>The secret as text that <see cref="Parse"/> reads: to store it, or to show it once to its owner.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    /// <summary>The HMAC-SHA256 of the content under this secret.</summary>
    internal void Hash(ReadOnlySpan<byte> content, Span<byte> hash)
    {
        // one at a time may use it; who comes meanwhile makes another
        var keyed = Interlocked.Exchange(ref _idle, null) ?? new HMACSHA256(_key);
        keyed.TryComputeHash(content, hash, out _);
        if (Interlocked.CompareExchange(ref _idle, keyed, null) is not null)
        {
            keyed.Dispose();
        }
    }

    /// <summary>A placeholder, so that a secret never reaches a log by accident; see <see cref="Reveal"/>.</summary>
    public override string ToString() => Prefix + "***";
}
