using System.Globalization;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Access;

namespace TxMsg.Server.Registry;

/// <summary>Signing secrets as they stand in a row: encrypted, the last one and the one before it in columns of their own, and those
/// before these in lines of a text.</summary>
internal static class StoredSecrets
{
    // Somebody who rotates in a loop keeps the newest of them.
    private const int MostOlder = 4;

    /// <summary>The secrets of a row.</summary>
    public static SigningSecrets Unprotect(ISecretProtector protector, ISigningEntryRow row) => new(
        WebhookSecret.Parse(protector.Unprotect(row.Secret)),
        [.. Retired(row).Select(one => new RetiredSecret(WebhookSecret.Parse(protector.Unprotect(one.Encrypted)), DateTimeOffset.FromUnixTimeMilliseconds(one.ExpiresAt)))]);

    /// <summary>What becomes of <c>older_secrets</c> when the row's secret is rotated; null: none is left.</summary>
    public static string? Older(ISigningEntryRow row, long now)
    {
        var left = Retired(row).Where(one => one.ExpiresAt > now).Take(MostOlder).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ExpiresAt} {one.Encrypted}")).ToArray();
        return left.Length == 0 ? null : string.Join('\n', left);
    }

    private static IEnumerable<(long ExpiresAt, string Encrypted)> Retired(ISigningEntryRow row)
    {
        if (row.PreviousSecret is { } previous) yield return (row.PreviousSecretExpiresAt ?? 0, previous);
        foreach (var line in row.OlderSecrets?.Split('\n') ?? [])
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            yield return (long.Parse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture), line[(space + 1)..]);
        }
    }
}
