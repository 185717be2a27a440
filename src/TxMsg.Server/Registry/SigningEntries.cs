using TxMsg.Contracts.Signatures;
using TxMsg.Server.Access;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Registry;

/// <summary>The statements of a kind of entry that has a signing secret.</summary>
public sealed record SigningEntryStatements(string Insert, string Update, string RotateSecret);

/// <summary>Writes the entries that have a signing secret: producers and subscriptions.</summary>
public sealed class SigningEntries(StoreDatabase database, RegistryCache registry, ISecretProtector protector, TimeProvider time)
{
    /// <summary>Makes or changes an entry. The secret is in the result only when the entry was created or its secret rotated.</summary>
    /// <param name="statements">Those of its kind.</param>
    /// <param name="name">The entry's name.</param>
    /// <param name="existing">The secrets of the entry, if it is known.</param>
    /// <param name="wanted">The secret it is to have; null: any.</param>
    /// <param name="row">The parameters of the first two statements, given the encrypted secret and the time.</param>
    public async Task<(bool Created, string? Secret)> PutAsync(
        SigningEntryStatements statements, string name, SigningSecrets? existing, string? wanted, Func<string, long, object> row)
    {
        var rotates = wanted is not null && existing is not null && existing.Current.Reveal() != wanted;
        var secret = wanted ?? WebhookSecret.Generate().Reveal();
        var created = await database.WriteAsync(async connection =>
        {
            var parameters = row(protector.Protect(secret), Now());
            var inserted = await connection.ExecuteAsync(statements.Insert, parameters) > 0;
            if (!inserted)
            {
                await connection.ExecuteAsync(statements.Update, parameters);
                if (rotates) await connection.ExecuteAsync(statements.RotateSecret, Rotation(name, secret));
            }

            await connection.ExecuteAsync("RaiseRegistryVersion");
            return inserted;
        });
        await registry.RefreshAsync(CancellationToken.None);
        return (created, created || rotates ? secret : null);
    }

    /// <summary>Makes a new secret; the old one signs beside it for a day. Null when there is no such entry.</summary>
    public async Task<string?> RotateSecretAsync(SigningEntryStatements statements, string name)
    {
        var secret = WebhookSecret.Generate().Reveal();
        return await registry.ChangeAsync(statements.RotateSecret, Rotation(name, secret)) ? secret : null;
    }

    private object Rotation(string name, string secret) => new
    {
        name,
        secret = protector.Protect(secret),
        previousExpiresAt = Now() + (long)SigningSecrets.Overlap.TotalMilliseconds,
        now = Now(),
    };

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
