using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TxMsg.Client.Local;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>Messages that are written in the caller's own transaction and sent to the coordinator afterwards: the caller does not depend on the
/// coordinator being up. A message is sent if and only if its transaction committed. Safe for concurrent use.
/// <para>Messages of one ordering key are sent in the order they were enqueued in, if their transactions do not overlap: when one commits before the
/// next enqueues. Of transactions that overlap either may come first. On SQL Server a message waits until every open transaction that has enqueued an
/// earlier one of its key has ended; messages of other keys, and those without one, do not wait.</para></summary>
/// <param name="time">The clock.</param>
/// <param name="options">Whose messages these are, how large a payload may be, and the database that the relay reads. Without them messages are of the
/// producer whose relay finds them first, payloads may be as large as the options' default, and any database will do.</param>
public sealed class LocalMessageTable(TimeProvider time, IOptions<LocalMessageOptions>? options = null)
{
    private const int CurrentVersion = 2;
    private const int MaxReasonLength = 1000;
    private const int MaxTries = 8;

    // The indexes of a large table take long.
    private const int MakingSeconds = 3600;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly LocalMessageOptions Defaults = new();

    private HomeDatabase? home;

    internal LocalMessageSignal Signal { get; } = new();

    /// <summary>What pauses between two tries to lock the table are measured by: a database is real also where a test turns the clock.</summary>
    internal TimeProvider LockTime { get; init; } = TimeProvider.System;

    /// <summary>Makes the table where it is missing, and brings one of an earlier version up to date. Instances that start together may all call it. The relay calls it when it starts.</summary>
    /// <param name="openConnection">An open connection without a transaction.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task CreateTableAsync(DbConnection openConnection, CancellationToken cancellationToken = default)
    {
        if (await openConnection.FindsAsync(null, "FindLocalMessageTable", cancellationToken).ConfigureAwait(false)) return;
        if (SqlDialects.DialectOf(openConnection) == SqlDialect.Sqlite) await MakeTableAsync(openConnection, cancellationToken).ConfigureAwait(false);
        else await MakeTablePatientlyAsync(openConnection, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the message in the transaction. It is sent as an ordinary message with the same id once the transaction has committed;
    /// its delay counts from when the coordinator has it, and an ordinary message has no check-back. The current span goes with it.</summary>
    /// <param name="transaction">The caller's transaction, in the database that <see cref="LocalMessageOptions.Connection"/> opens: the relay looks nowhere else. On SQLite
    /// another file is refused, on SQL Server a database of another name; one of the same name on another server is not noticed.</param>
    /// <param name="message">The message; its id must be new.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="ArgumentException">The message has a value that the coordinator would refuse, a payload larger than
    /// <see cref="LocalMessageOptions.MaxPayloadBytes"/> too, the transaction has ended, or it is of another database; nothing was written.</exception>
    /// <exception cref="DbException">The database refused the row, such as an id that is there already.</exception>
    public async Task EnqueueAsync(DbTransaction transaction, Message message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(message);
        var connection = transaction.Connection ?? throw new ArgumentException("The transaction has ended.", nameof(transaction));
        var settings = options?.Value ?? Defaults;
        LocalMessageRules.Check(message, settings.MaxPayloadBytes);
        home ??= new HomeDatabase(settings.Connection, $"{nameof(LocalMessageOptions)}.{nameof(LocalMessageOptions.Connection)}");
        home.Require(connection, "The relay reads the table there, and would never send what is written elsewhere.", nameof(transaction));
        await connection.ChangeAsync(
            transaction, "InsertLocalMessage", cancellationToken,
            ("id", message.Id.ToBytes()),
            ("producer", settings.Producer),
            ("now", Now),
            ("topic", message.Topic),
            ("key", message.Key),
            ("tag", message.Tag),
            ("orderingKey", message.OrderingKey),
            ("contentType", message.ContentType),
            ("delayMs", (long?)message.Delay?.TotalMilliseconds),
            ("traceParent", Activity.Current is { IdFormat: ActivityIdFormat.W3C } span ? span.Id : null),
            ("headers", message.Headers is { Count: > 0 } headers ? JsonSerializer.Serialize(headers) : null),
            ("payload", message.Payload.ToArray())).ConfigureAwait(false);
        Signal.Raise();
    }

    /// <summary>Tells the relay of this process to look now. Never needed, but after the commit it saves a few milliseconds:
    /// what <see cref="EnqueueAsync"/> tells it comes before the commit, so that it may look too early and must look again.</summary>
    public void Wake() => Signal.Raise();

    /// <summary>The messages of <see cref="LocalMessageOptions.Producer"/> that wait for a person, the oldest first; everybody's where there are no options.</summary>
    /// <param name="openConnection">An open connection without a transaction.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<IReadOnlyList<StuckLocalMessage>> ListStuckAsync(DbConnection openConnection, int limit = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        await using var command = openConnection.Command(null, "ListStuckLocalMessages", ("producer", (options?.Value ?? Defaults).Producer), ("limit", limit));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var found = new List<StuckLocalMessage>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add(new StuckLocalMessage(
                reader.ReadId(0), reader.GetString(1), reader.ReadText(2), reader.ReadText(3), reader.ReadTime(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetString(7)));
        }

        return found;
    }

    /// <summary>Sends a stuck message again, with as many failures before it as a new one. False when it is not stuck.</summary>
    /// <param name="openConnection">An open connection without a transaction.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<bool> RetryAsync(DbConnection openConnection, Guid messageId, CancellationToken cancellationToken = default)
    {
        var changed = await openConnection.ChangeAsync(null, "RetryLocalMessage", cancellationToken, ("id", messageId.ToBytes())).ConfigureAwait(false);
        Signal.Raise();
        return changed == 1;
    }

    /// <summary>Gives a stuck message up: it is never sent, and no longer holds back its ordering key. False when it is not stuck. If it throws, the
    /// message may be stuck still, and later ones of its key may have been sent all the same.</summary>
    /// <param name="openConnection">An open connection without a transaction.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="reason">Why; 1 to 1,000 characters, kept with it.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<bool> DiscardAsync(DbConnection openConnection, Guid messageId, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, MaxReasonLength, nameof(reason));
        var changed = await openConnection.ChangeAsync(
            null, "DiscardLocalMessage", cancellationToken, ("id", messageId.ToBytes()), ("now", Now), ("reason", reason)).ConfigureAwait(false);
        Signal.Raise();
        return changed == 1;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    // On SQL Server what stands in the way goes first.
    private async Task MakeTablePatientlyAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await MakeTableAsync(connection, cancellationToken).ConfigureAwait(false);
                    return;
                }
                catch (DbException exception) when (attempt < MaxTries && DbErrors.IsLocked(exception))
                {
                    await Task.Delay(Pause, LockTime, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (connection.State == ConnectionState.Open) await connection.ChangeAsync(null, "RestoreLockTimeout", CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task MakeTableAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var version = await connection.CountAsync(transaction, "ReadLocalMessageTableVersion", cancellationToken).ConfigureAwait(false);
        if (version == CurrentVersion) return;
        string[] statements = version == 0
            ? ["CreateLocalMessageTable", "CreateLocalMessageIndexes"]
            : ["UpgradeLocalMessageTable", "DropLocalMessageIndexes", "CreateLocalMessageIndexes"];
        foreach (var statement in statements)
        {
            await using var command = connection.Command(transaction, statement);
            command.CommandTimeout = MakingSeconds;
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }
}
