using Microsoft.Extensions.Options;
using TxMsg.Contracts.Registration;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Access;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Producers;

/// <summary>Registers producers and rotates their secrets.</summary>
public sealed class ProducerAdministration(StoreDatabase database, RegistryCache registry, ISecretProtector protector, IOptions<CheckBackOptions> defaults, TimeProvider time)
{
    /// <summary>Makes or changes a producer. The secret is in the result only when it was created or rotated.</summary>
    public async Task<(ProducerResource Producer, bool Created)> PutAsync(string name, ProducerRequest request)
    {
        var existing = registry.Current.FindProducer(name);
        var rotates = request.Secret is not null && existing is not null && existing.Secrets.Current.Reveal() != request.Secret;
        var secret = request.Secret ?? WebhookSecret.Generate().Reveal();
        var created = await database.WriteAsync(async connection =>
        {
            var row = Parameters(name, request, secret);
            var inserted = await connection.ExecuteAsync("InsertProducer", row) > 0;
            if (!inserted)
            {
                await connection.ExecuteAsync("UpdateProducer", row);
                if (rotates) await connection.ExecuteAsync("RotateProducerSecret", Rotation(name, secret));
            }

            await connection.ExecuteAsync("RaiseRegistryVersion");
            return inserted;
        });
        var producer = (await registry.RefreshAsync(CancellationToken.None)).FindProducer(name)!;
        return (ToResource(producer) with { Secret = created || rotates ? secret : null }, created);
    }

    /// <summary>Makes a new secret; the old one signs beside it for a day. Null when there is no such producer.</summary>
    public async Task<string?> RotateSecretAsync(string name)
    {
        var secret = WebhookSecret.Generate().Reveal();
        return await registry.ChangeAsync("RotateProducerSecret", Rotation(name, secret)) ? secret : null;
    }

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

    private object Parameters(string name, ProducerRequest request, string secret) => new
    {
        name,
        checkBackUrl = request.CheckBackUrl,
        checkBackAfterMs = Milliseconds(request.CheckBackAfterSeconds),
        maxUnknownAnswers = request.MaxUnknownAnswers,
        giveUpAfterMs = Milliseconds(request.GiveUpAfterSeconds),
        secret = protector.Protect(secret),
        now = Now(),
    };

    private object Rotation(string name, string secret) => new
    {
        name,
        secret = protector.Protect(secret),
        previousExpiresAt = Now() + (long)SigningSecrets.Overlap.TotalMilliseconds,
        now = Now(),
    };

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal static long? Milliseconds(double? seconds) => seconds is { } value ? (long)Math.Round(value * 1000) : null;
}
