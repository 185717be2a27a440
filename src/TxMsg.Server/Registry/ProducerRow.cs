using System.Globalization;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Access;

namespace TxMsg.Server.Registry;

/// <summary>A row of <c>producers</c>.</summary>
public sealed class ProducerRow : ISigningEntryRow
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string CheckBackUrl { get; init; } = "";

    public long? CheckBackAfterMs { get; init; }

    public int? MaxUnknownAnswers { get; init; }

    public long? GiveUpAfterMs { get; init; }

    public string Secret { get; init; } = "";

    public string? PreviousSecret { get; init; }

    public long? PreviousSecretExpiresAt { get; init; }

    public string? OlderSecrets { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public IEnumerable<(string Name, string? Value)> Settings =>
    [
        ("checkBackUrl", CheckBackUrl),
        ("checkBackAfterSeconds", Seconds(CheckBackAfterMs)),
        ("maxUnknownAnswers", MaxUnknownAnswers?.ToString(CultureInfo.InvariantCulture)),
        ("giveUpAfterSeconds", Seconds(GiveUpAfterMs)),
    ];

    public Producer ToProducer(ISecretProtector protector) => new()
    {
        Id = Id,
        Name = Name,
        CheckBackUrl = new Uri(CheckBackUrl),
        CheckBackAfter = Milliseconds(CheckBackAfterMs),
        MaxUnknownAnswers = MaxUnknownAnswers,
        GiveUpAfter = Milliseconds(GiveUpAfterMs),
        Secrets = StoredSecrets.Unprotect(protector, this),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
    };

    internal static TimeSpan? Milliseconds(long? value) => value is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    internal static string? Seconds(long? milliseconds) => (milliseconds / 1000.0)?.ToString(CultureInfo.InvariantCulture);
}
