using System.Data.Common;
using TxMsg.Client.Local;

namespace TxMsg.Client.Consuming;

/// <summary>The table <c>txmsg_inbox</c> of the service's own database: which deliveries it has handled. Its row commits and rolls back
/// together with what the handler did, so a delivery is handled once however often it comes. Safe for concurrent use.</summary>
/// <param name="time">The clock of its rows.</param>
public sealed class Inbox(TimeProvider time)
{
    private const int PurgeBatch = 500;

    /// <summary>Makes the table if it is missing. Instances that start together do not disturb each other.</summary>
    public async Task CreateTableAsync(DbConnection openConnection, CancellationToken cancellationToken = default)
    {
        await using var command = openConnection.Command(null, "CreateInboxTable");
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbException)
        {
            // Perhaps another instance was first: then it succeeds now. Whatever else was wrong is wrong again.
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Records a delivery. Must be the first statement of the transaction that handles it: then a duplicate waits here
    /// until this transaction has ended, and learns how: for a second on SQL Server; on SQLite the wait was that of the transaction's beginning.</summary>
    /// <param name="transaction">Any isolation level will do. Rolled back unless the result is <see cref="InboxEntry.Entered"/>.</param>
    /// <param name="subscription">The subscription.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellationToken">Gives up; then too the transaction must be rolled back.</param>
    /// <exception cref="InvalidOperationException">There is an ambient transaction (a <c>TransactionScope</c>), which could roll back what has been acknowledged.</exception>
    public async Task<InboxEntry> EnterAsync(DbTransaction transaction, string subscription, Guid messageId, CancellationToken cancellationToken = default)
    {
        RefuseAmbient();
        var connection = transaction.Connection ?? throw new ArgumentException("The transaction has ended.", nameof(transaction));
        await using var command = connection.Command(
            transaction, "InsertInboxRow", ("message_id", messageId.ToBytes()), ("subscription", subscription), ("handled_at", time.GetUtcNow().ToUnixTimeMilliseconds()));
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return InboxEntry.Entered;
        }
        catch (DbException e) when (DbErrors.IsDuplicateKey(e))
        {
            return InboxEntry.Duplicate;
        }
        catch (DbException e) when (DbErrors.IsLocked(e))
        {
            return InboxEntry.Busy;
        }
    }

    /// <summary>Forgets what was handled long ago, a small batch at a time.</summary>
    /// <param name="openConnection">A connection without a transaction.</param>
    /// <param name="olderThan">How long ago. A delivery that is forgotten would be handled again.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>How many rows are gone.</returns>
    public async Task<int> PurgeAsync(DbConnection openConnection, TimeSpan olderThan, CancellationToken cancellationToken = default)
    {
        await using var command = openConnection.Command(
            null, "DeleteOldInboxRows", ("before", (time.GetUtcNow() - olderThan).ToUnixTimeMilliseconds()), ("limit", PurgeBatch));
        for (var total = 0; ;)
        {
            var deleted = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            total += deleted;
            if (deleted < PurgeBatch) return total;
        }
    }

    /// <summary>Refuses to handle anything inside an ambient transaction.</summary>
    internal static void RefuseAmbient() =>
        AmbientTransaction.Refuse("A delivery is handled outside any ambient transaction: its own transaction's commit must be final when it is acknowledged.");

    /// <summary>Fails if the table cannot be read.</summary>
    internal static async Task ProbeAsync(DbConnection openConnection, CancellationToken cancellationToken)
    {
        await using var command = openConnection.Command(null, "ProbeInbox");
        await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }
}
