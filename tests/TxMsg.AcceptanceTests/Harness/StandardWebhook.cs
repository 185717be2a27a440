using System.Security.Cryptography;
using System.Text;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The receiver's half of Standard Webhooks, written from its specification rather than with the server's code.</summary>
public static class StandardWebhook
{
    public static bool IsSignedWith(this ReceivedRequest request, string secret) =>
        Signatures(request).Contains("v1," + Sign(request, secret));

    public static IReadOnlyList<string> Signatures(this ReceivedRequest request) =>
        (request.Header("webhook-signature") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static DateTimeOffset SignedAt(this ReceivedRequest request) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Header("webhook-timestamp")!, System.Globalization.CultureInfo.InvariantCulture));

    private static string Sign(ReceivedRequest request, string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{request.Header("webhook-id")}.{request.Header("webhook-timestamp")}."), .. request.Body];
        return Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }
}
