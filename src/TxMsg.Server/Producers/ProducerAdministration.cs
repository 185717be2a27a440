using Microsoft.Extensions.Options;
using TxMsg.Contracts.Registration;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Producers;

/// <summary>Registers producers and rotates their secrets.</summary>
public sealed class ProducerAdministration(RegistryCache registry, SigningEntries entries, IOptions<CheckBackOptions> defaults)
{
    private static readonly SigningEntryStatements Statements = new("InsertProducer", "UpdateProducer", "RotateProducerSecret");

    /// <summary>Makes or changes a producer. The secret is in the result only when it was created or rotated.</summary>
    public async Task<(ProducerResource Producer, bool Created)> PutAsync(string name, ProducerRequest request)
    {
        var (created, secret) = await entries.PutAsync(
            Statements, name, registry.Current.FindProducer(name)?.Secrets, request.Secret, (encrypted, now) => Parameters(name, request, encrypted, now));
        return (ToResource(registry.Current.FindProducer(name)!) with { Secret = secret }, created);
    }

    /// <summary>Makes a new secret; the old one signs beside it for a day. Null when there is no such producer.</summary>
    public Task<string?> RotateSecretAsync(string name) => entries.RotateSecretAsync(Statements, name);

    /// <summary>A producer as the API shows it, without its secret.</summary>
    public ProducerResource ToResource(Producer producer) => new()
    {
        Name = producer.Name,
        CheckBackUrl = producer.CheckBackUrl.OriginalString,
        CheckBackAfterSeconds = (producer.CheckBackAfter ?? defaults.Value.CheckBackAfter).TotalSeconds,
        MaxUnknownAnswers = producer.MaxUnknownAnswers ?? defaults.Value.MaxUnknownAnswers,
        GiveUpAfterSeconds = (producer.GiveUpAfter ?? defaults.Value.GiveUpAfter).TotalSeconds,
        CreatedAt = producer.CreatedAt,
        UpdatedAt = producer.UpdatedAt,
    };

    private static object Parameters(string name, ProducerRequest request, string encrypted, long now) => new
    {
        name,
        checkBackUrl = request.CheckBackUrl,
        checkBackAfterMs = Milliseconds(request.CheckBackAfterSeconds),
        maxUnknownAnswers = request.MaxUnknownAnswers,
        giveUpAfterMs = Milliseconds(request.GiveUpAfterSeconds),
        secret = encrypted,
        now,
    };

    internal static long? Milliseconds(double? seconds) => seconds is { } value ? (long)Math.Round(value * 1000) : null;
}
