using System.Data;
using System.Data.Common;
using System.Text.Json;
using TxMsg.Client.Local;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>The relay's side of the table. Every change is fenced by the claim's token.</summary>
internal sealed class LocalMessageStore(Func<DbConnection> connect, string producer, TimeProvider time)
{
    // A coordinator takes at least 33 MiB in a request, and base64 adds a third.
    private const int MaxClaimBytes = 8 * 1024 * 1024;
    private const int BytesBesideContent = 2048;
    private const int MaxErrorLength = 1000;
    private const int MaxClaimRounds = 10;
    private const int MaxAdopted = 1000;

    private static readonly (string, object?) Nobodys = ("producer", "");

    private readonly (string, object?) own = ("producer", producer);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = connect();
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes on the oldest messages that are due, of each ordering key only from its first unsent one on; null when there are none.</summary>
    public async Task<LocalMessageClaim?> ClaimAsync(ClaimPace pace, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        bool hasNobodys;
        await using (var look = await BeginLookAsync(connection, cancellationToken).ConfigureAwait(false))
        {
            if (!await connection.FindsAsync(look, "FindClaimableLocalMessage", cancellationToken, own, ("now", Now)).ConfigureAwait(false)) return null;
            hasNobodys = await connection.FindsAsync(look, "FindClaimableLocalMessage", cancellationToken, Nobodys, ("now", Now)).ConfigureAwait(false);
        }

        if (hasNobodys) await AdoptAsync(connection, cancellationToken).ConfigureAwait(false);
        var until = time.GetUtcNow() + lease;
        (string, object?) token = ("token", Random.Shared.NextInt64(1, long.MaxValue));
        for (long? after = 0; after is not null;)
        {
            // Read committed, so that each statement sees what had been committed when it began.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            (var kept, after) = await FillAsync(connection, transaction, token, until, pace.Limit, after.Value, cancellationToken).ConfigureAwait(false);
            // Rolled back. What waits behind an open transaction may be more than one claim takes, and must not hold up what stands after it.
            if (kept == 0) continue;
            var messages = await ListAsync(connection, transaction, token, pace, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return messages.Count == 0 ? null : new LocalMessageClaim((long)token.Item2!, until, messages);
        }

        return null;
    }

    /// <summary>Writes down what became of a claim's messages, and lets those that were not sent wait: one transaction. The refused ones that it still
    /// held.</summary>
    public async Task<IReadOnlyList<ClaimedMessage>> SettleAsync(
        LocalMessageClaim claim, Func<ClaimedMessage, RefusalEffect> judge, TimeSpan wait, CancellationToken cancellationToken)
    {
        (string, object?) dueAt = ("dueAt", wait == TimeSpan.Zero ? 0 : Now + (long)wait.TotalMilliseconds);
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        var refused = new List<ClaimedMessage>();
        foreach (var message in claim.Messages.Where(message => message.Outcome.Kind != SendOutcomeKind.Sent))
        {
            if (message.Outcome.Kind != SendOutcomeKind.Refused)
            {
                await connection.ChangeAsync(transaction, "ReleaseLocalMessage", cancellationToken, ("seq", message.Seq), ("token", claim.Token), dueAt).ConfigureAwait(false);
                continue;
            }

            var effect = judge(message);
            var error = message.Outcome.Problem;
            var changed = await connection.ChangeAsync(
                transaction, "RefuseLocalMessage", cancellationToken,
                ("seq", message.Seq), ("token", claim.Token), ("state", effect.IsStuck ? 2 : 0), ("dueAt", effect.IsStuck ? 0 : Now + (long)effect.Backoff.TotalMilliseconds),
                ("failures", message.Failures + 1), ("status", message.Outcome.Status), ("error", error.Length > MaxErrorLength ? error[..MaxErrorLength] : error)).ConfigureAwait(false);
            if (changed == 1) refused.Add(message);
        }

        await connection.ChangeAsync(transaction, "MarkLocalMessagesSent", cancellationToken, ("token", claim.Token), ("now", Now)).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return refused;
    }

    public async Task<LocalMessageStats> ReadStatsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var look = await BeginLookAsync(connection, cancellationToken).ConfigureAwait(false);
        await using var command = connection.Command(look, "ReadLocalMessageStats", own);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new LocalMessageStats(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.ReadTime(2));
    }

    /// <summary>Deletes a batch of what was finished before; how many rows.</summary>
    public async Task<int> PurgeAsync(TimeSpan olderThan, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        (string, object?) before = ("before", Now - (long)olderThan.TotalMilliseconds);
        await using var transaction = await BeginLookAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!await connection.FindsAsync(transaction, "FindPurgeableLocalMessage", cancellationToken, own, before).ConfigureAwait(false)) return 0;
        var deleted = await connection.ChangeAsync(transaction, "DeleteFinishedLocalMessages", cancellationToken, own, before, ("limit", limit)).ConfigureAwait(false);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return deleted;
    }

    // A pooled connection of SQL Server keeps the isolation level of whoever had it before, and some levels refuse READPAST (650).
    // SQLite has one level only, and a transaction would take its write lock for a mere look.
    private static async Task<DbTransaction?> BeginLookAsync(DbConnection connection, CancellationToken cancellationToken) =>
        SqlDialects.DialectOf(connection) == SqlDialect.Sqlite
            ? null
            : await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);

    // Committed by itself: a claim that keeps nothing is rolled back, and where all that it had taken on has to wait, it would find the same
    // rows at each pass, and none behind them.
    private async Task AdoptAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        for (var adopted = MaxAdopted; adopted == MaxAdopted;)
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            adopted = await connection.ChangeAsync(transaction, "AdoptLocalMessages", cancellationToken, own, ("limit", MaxAdopted)).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // In the place of what overtook and went back others are claimed, as far as a few rounds go: a key that waits long would else leave
    // little of each claim. How many were kept; and after which to look where there may be more, null where there is nothing.
    private async Task<(int Kept, long? After)> FillAsync(
        DbConnection connection, DbTransaction transaction, (string, object?) token, DateTimeOffset until, int limit, long after, CancellationToken cancellationToken)
    {
        var kept = 0;
        for (var round = 0; round < MaxClaimRounds && kept < limit; round++)
        {
            var claimed = await connection.ChangeAsync(
                transaction, "ClaimLocalMessages", cancellationToken,
                own, token, ("now", Now), ("leasedUntil", until.ToUnixTimeMilliseconds()), ("limit", limit - kept), ("after", after)).ConfigureAwait(false);
            if (claimed == 0) return (kept, null);
            var overtaking = await ListOvertakingAsync(connection, transaction, token, cancellationToken).ConfigureAwait(false);
            kept += claimed - overtaking.Count;
            if (overtaking.Count == 0) break;
            after = overtaking[^1];
            if (kept == 0) break;
            foreach (var seq in overtaking) await connection.ChangeAsync(transaction, "ReleaseLocalMessage", cancellationToken, ("seq", seq), ("dueAt", 0L), token).ConfigureAwait(false);
        }

        return (kept, after);
    }

    private static async Task<List<long>> ListOvertakingAsync(
        DbConnection connection, DbTransaction transaction, (string, object?) token, CancellationToken cancellationToken)
    {
        var overtaking = new List<long>();
        await using var command = connection.Command(transaction, "ListClaimedLocalMessagesThatOvertake", token);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) overtaking.Add(reader.GetInt64(0));
        return overtaking;
    }

    private static async Task<List<ClaimedMessage>> ListAsync(
        DbConnection connection, DbTransaction transaction, (string, object?) token, ClaimPace pace, CancellationToken cancellationToken)
    {
        var messages = new List<ClaimedMessage>();
        var bytes = 0L;
        var isFull = false;
        await using (var command = connection.Command(transaction, "ListClaimedLocalMessages", token))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
        {
            while (!isFull && await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var next = Read(reader);
                bytes += SizeOf(next.Message);
                isFull = bytes >= MaxClaimBytes || pace.IsAlone(next.Seq);
                if (messages.Count == 0 || !pace.IsAlone(next.Seq)) messages.Add(next);
            }
        }

        if (isFull) await connection.ChangeAsync(transaction, "ReleaseLocalMessagesAfter", cancellationToken, token, ("seq", messages[^1].Seq)).ConfigureAwait(false);
        return messages;
    }

    private static long SizeOf(Message message) =>
        BytesBesideContent + message.Payload.Length + (message.Headers?.Sum(header => header.Key.Length + header.Value.Length) ?? 0);

    private static ClaimedMessage Read(DbDataReader reader)
    {
        var message = new Message(reader.GetString(4), reader.GetFieldValue<byte[]>(12))
        {
            Id = reader.ReadId(1),
            Key = reader.ReadText(5),
            Tag = reader.ReadText(6),
            OrderingKey = reader.ReadText(7),
            ContentType = reader.GetString(8),
            Delay = reader.IsDBNull(9) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(9)),
            Headers = reader.ReadText(11) is { } headers ? JsonSerializer.Deserialize<Dictionary<string, string>>(headers) : null,
        };
        return new ClaimedMessage(reader.GetInt64(0), message, reader.ReadText(10), reader.GetInt32(2), reader.ReadTime(3));
    }
}

/// <summary>What a refusal does to its message.</summary>
/// <param name="IsStuck">Whether it now waits for a person.</param>
/// <param name="Backoff">Else how long it waits.</param>
internal readonly record struct RefusalEffect(bool IsStuck, TimeSpan Backoff);

/// <summary>How much there is to send.</summary>
internal sealed record LocalMessageStats(long Unsent, long Stuck, DateTimeOffset? OldestAt);
