using System.Security.Cryptography;
using System.Text;

namespace TxMsg.Benchmarks.Receiving;

/// <summary>Verifies the signature of one delivery in a hundred: enough to know that they are signed, too few to cost time.</summary>
internal sealed class SignatureSample
{
    private const int OneIn = 100;
    private const string SecretPrefix = "whsec_";

    private readonly byte[]? secret;
    private long seen;
    private int verified;

    /// <param name="secret">As the server shows it; null for one that does not sign.</param>
    public SignatureSample(string? secret) =>
        this.secret = secret?.StartsWith(SecretPrefix, StringComparison.Ordinal) == true
            ? Convert.FromBase64String(secret[SecretPrefix.Length..])
            : null;

    public int Verified => Volatile.Read(ref verified);

    public void Check(in DeliveryRequest delivery)
    {
        if (secret is null || Interlocked.Increment(ref seen) % OneIn != 1)
            return;
        byte[] signed = [.. delivery.WebhookId, (byte)'.', .. delivery.Timestamp, (byte)'.', .. delivery.Body];
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed));
        var given = Encoding.ASCII.GetString(delivery.Signature);
        if (!given.Split(' ').Contains(expected))
            throw new BenchmarkFailedException($"A delivery was signed '{given}', not '{expected}'.");
        Interlocked.Increment(ref verified);
    }
}
