using Microsoft.Extensions.Options;
using TxMsg.Contracts.Registration;
using TxMsg.Server.Access;
using TxMsg.Server.Audit;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Registry;

namespace TxMsg.Server.Producers;

/// <summary>Registers producers and rotates their secrets.</summary>
public sealed class ProducerAdministration(
    RegistryCache registry, SigningEntries<ProducerRow> entries, ISecretProtector protector, ProducerBreaker breaker, IOptions<CheckBackOptions> defaults)
{
    private static readonly SigningEntryKind Kind = new(
        "FindProducerToChange", "InsertProducer", "UpdateProducer", "RotateProducerSecret",
        AuditActions.CreateProducer, AuditActions.ChangeProducer, AuditActions.RotateProducerSecret, IsProducer: true);

    /// <summary>Makes or changes a producer, for the reason that stands in the request. The secret is in the result only when it was created or rotated.</summary>
    public async Task<(ProducerResource Producer, bool Created)> PutAsync(string name, ProducerRequest request, string actor)
    {
        var existing = await registry.FindProducerAsync(name, CancellationToken.None);
        var wanted = ToRow(request);
        var outcome = await entries.PutAsync(Kind, name, wanted, request.Secret, (encrypted, now) => Parameters(name, wanted, encrypted, now), actor, request.Reason);
        var producer = outcome.Entry.ToProducer(protector);
        // Whoever repairs what was wrong must not wait for the end of a pause.
        if (existing is not null && (existing.CheckBackUrl != producer.CheckBackUrl || outcome.Secret is not null)) breaker.Forget(producer.Id);
        return (ToResource(producer) with { Secret = outcome.Secret }, outcome.Created);
    }

    /// <summary>Makes a new secret; the old one signs beside it for a day. Null when there is no such producer.</summary>
    public Task<string?> RotateSecretAsync(string name, string actor, string? reason) => entries.RotateSecretAsync(Kind, name, actor, reason);

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

    private static ProducerRow ToRow(ProducerRequest request) => new()
    {
        CheckBackUrl = request.CheckBackUrl,
        CheckBackAfterMs = Milliseconds(request.CheckBackAfterSeconds),
        MaxUnknownAnswers = request.MaxUnknownAnswers,
        GiveUpAfterMs = Milliseconds(request.GiveUpAfterSeconds),
    };

    private static object Parameters(string name, ProducerRow wanted, string encrypted, long now) => new
    {
        name,
        checkBackUrl = wanted.CheckBackUrl,
        checkBackAfterMs = wanted.CheckBackAfterMs,
        maxUnknownAnswers = wanted.MaxUnknownAnswers,
        giveUpAfterMs = wanted.GiveUpAfterMs,
        secret = encrypted,
        now,
    };

    internal static long? Milliseconds(double? seconds) => seconds is { } value ? (long)Math.Round(value * 1000) : null;
}
