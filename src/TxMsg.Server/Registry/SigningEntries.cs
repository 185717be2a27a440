using TxMsg.Contracts.Signatures;
using TxMsg.Server.Access;
using TxMsg.Server.Audit;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Registry;

/// <summary>Writes the entries that have a signing secret: producers and subscriptions.</summary>
/// <typeparam name="TRow">Their row.</typeparam>
public sealed class SigningEntries<TRow>(RegistryCache registry, ISecretProtector protector, TimeProvider time)
    where TRow : class, ISigningEntryRow
{
    /// <summary>Makes or changes an entry; what is as it is wanted is left alone. The secret is in the result only when the entry was
    /// created or its secret rotated.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">The entry's name.</param>
    /// <param name="wanted">The row that it is to have, without id and secret.</param>
    /// <param name="wantedSecret">The secret it is to have; null: any.</param>
    /// <param name="parameters">The parameters of the statements, given the encrypted secret and the time.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="reason">Why.</param>
    public async Task<PutOutcome<TRow>> PutAsync(
        SigningEntryKind kind, string name, TRow wanted, string? wantedSecret, Func<string, long, object> parameters, string actor, string? reason)
    {
        var secret = wantedSecret ?? WebhookSecret.Generate().Reveal();
        var stored = protector.Protect(secret);
        PutOutcome<TRow>? outcome = null;
        await registry.ChangeAsync(async connection =>
        {
            var now = time.GetUtcNow();
            var (row, entries) = (parameters(stored, now.ToUnixTimeMilliseconds()), new List<AuditEntry>());
            var before = await FindAsync(connection, kind, name);
            if (before is null && await connection.ExecuteAsync(kind.Insert, row) > 0)
            {
                var created = (await FindAsync(connection, kind, name))!;
                outcome = new PutOutcome<TRow>(created, Created: true, secret);
                return [New(kind, kind.Created, created.Id, now, actor, reason, AuditDetail.Of(wanted.Settings))];
            }

            // An earlier try of this call, whose commit got no answer, has written it.
            if (outcome?.Secret is not null && before?.Secret == stored) return [];
            before ??= (await FindAsync(connection, kind, name))!;
            if (AuditDetail.OfChange(before.Settings, wanted.Settings) is { } changes)
            {
                await connection.ExecuteAsync(kind.Update, row);
                entries.Add(New(kind, kind.Changed, before.Id, now, actor, reason, changes));
            }

            var rotates = wantedSecret is not null && protector.Unprotect(before.Secret) != wantedSecret;
            if (rotates)
            {
                await connection.ExecuteAsync(kind.RotateSecret, Rotation(name, before, stored, now));
                entries.Add(New(kind, kind.Rotated, before.Id, now, actor, reason, null));
            }

            var after = entries.Count == 0 ? before : (await FindAsync(connection, kind, name))!;
            outcome = new PutOutcome<TRow>(after, Created: false, rotates ? secret : null);
            return entries;
        });
        return outcome!;
    }

    /// <summary>Makes a new secret; the old one signs beside it for a day. Null when there is no such entry.</summary>
    public async Task<string?> RotateSecretAsync(SigningEntryKind kind, string name, string actor, string? reason)
    {
        var secret = WebhookSecret.Generate().Reveal();
        var stored = protector.Protect(secret);
        var exists = false;
        await registry.ChangeAsync(async connection =>
        {
            var now = time.GetUtcNow();
            var row = await FindAsync(connection, kind, name);
            exists = row is not null;
            // Or an earlier try of this call, whose commit got no answer, has rotated it.
            if (row is null || row.Secret == stored) return [];
            await connection.ExecuteAsync(kind.RotateSecret, Rotation(name, row, stored, now));
            return [New(kind, kind.Rotated, row.Id, now, actor, reason, null)];
        });
        return exists ? secret : null;
    }

    private static Task<TRow?> FindAsync(StoreConnection connection, SigningEntryKind kind, string name) =>
        connection.QuerySingleOrDefaultAsync<TRow>(kind.Find, new { name });

    private static object Rotation(string name, TRow row, string stored, DateTimeOffset now) => new
    {
        name,
        olderSecrets = StoredSecrets.Older(row, now.ToUnixTimeMilliseconds()),
        secret = stored,
        previousExpiresAt = (now + SigningSecrets.Overlap).ToUnixTimeMilliseconds(),
        now = now.ToUnixTimeMilliseconds(),
    };

    private static AuditEntry New(SigningEntryKind kind, string action, long id, DateTimeOffset at, string actor, string? reason, string? detail) => new()
    {
        At = at,
        Actor = actor,
        Action = action,
        ProducerId = kind.IsProducer ? id : null,
        SubscriptionId = kind.IsProducer ? null : id,
        Reason = reason,
        Detail = detail,
    };
}

/// <summary>What became of an entry that was put.</summary>
/// <typeparam name="TRow">Its row.</typeparam>
/// <param name="Entry">The entry as the change left it; another request may have deleted it since.</param>
/// <param name="Created">Whether it is new.</param>
/// <param name="Secret">Its secret, when that is new.</param>
public sealed record PutOutcome<TRow>(TRow Entry, bool Created, string? Secret);
