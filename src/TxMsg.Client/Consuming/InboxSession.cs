using System.Data.Common;
using TxMsg.Client.Local;

namespace TxMsg.Client.Consuming;

/// <summary>Handles a delivery in one local transaction with its row in the inbox.</summary>
internal sealed class InboxSession(Inbox inbox, ConsumerOptions options)
{
    // Locks are waited for in real time: the database is real also where a test turns the clock.
    private static readonly TimeProvider LockTime = TimeProvider.System;

    // SQLite has one writer. Who waits for it here waits without a thread, and in order.
    private readonly SemaphoreSlim sqliteWriter = new(1, 1);
    private volatile bool isTableThere;

    /// <summary>What became of it, and the handler's result: null where it was not asked.</summary>
    public async Task<(HandlingOutcome Outcome, HandlingResult? Result)> HandleAsync(ReceivedMessage message, DeliveryHandler handler, CancellationToken cancellationToken)
    {
        // Before the connection is opened: it would take part in it, and so would the table that is made.
        Inbox.RefuseAmbient();
        await using var connection = options.Connect!();
        if (SqlDialects.DialectOf(connection) == SqlDialect.SqlServer) return await HandleAsync(connection, message, handler, cancellationToken).ConfigureAwait(false);
        if (!await sqliteWriter.WaitAsync(options.LockWait, cancellationToken).ConfigureAwait(false)) return (HandlingOutcome.Busy, null);
        try
        {
            return await HandleAsync(connection, message, handler, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            sqliteWriter.Release();
        }
    }

    /// <summary>Opens a connection, and sees to it that the database has the table.</summary>
    public async Task OpenAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (isTableThere) return;
        await inbox.CreateTableAsync(connection, cancellationToken).ConfigureAwait(false);
        isTableThere = true;
    }

    private async Task<(HandlingOutcome Outcome, HandlingResult? Result)> HandleAsync(DbConnection connection, ReceivedMessage message, DeliveryHandler handler, CancellationToken cancellationToken)
    {
        await OpenAsync(connection, cancellationToken).ConfigureAwait(false);
        var began = LockTime.GetTimestamp();
        while (true)
        {
            var (outcome, result) = await TryAsync(connection, message, handler, cancellationToken).ConfigureAwait(false);
            // Again in a new transaction: what was told to wait may be doomed, and of an old snapshot.
            if (outcome != HandlingOutcome.Busy || LockTime.GetElapsedTime(began) >= options.LockWait) return (outcome, result);
        }
    }

    private async Task<(HandlingOutcome Outcome, HandlingResult? Result)> TryAsync(DbConnection connection, ReceivedMessage message, DeliveryHandler handler, CancellationToken cancellationToken)
    {
        // Whatever does not commit rolls back when it is disposed of.
        await using var transaction = await BeginAsync(connection, cancellationToken).ConfigureAwait(false);
        if (transaction is null) return (HandlingOutcome.Busy, null);
        var entry = await inbox.EnterAsync(transaction, message.Subscription, message.Id, cancellationToken).ConfigureAwait(false);
        if (entry != InboxEntry.Entered) return (entry == InboxEntry.Duplicate ? HandlingOutcome.Duplicate : HandlingOutcome.Busy, null);
        var result = await HandlingOutcomes.AskAsync(handler(message, transaction, cancellationToken)).ConfigureAwait(false);
        // The work is done: to give it up now would only have it done again.
        if (result.Kind == HandlingResultKind.Acknowledge) await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return (HandlingOutcomes.Of(result), result);
    }

    private async Task<DbTransaction?> BeginAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (SqlDialects.DialectOf(connection) == SqlDialect.SqlServer) return await connection.BeginTransactionAsync(options.IsolationLevel, cancellationToken).ConfigureAwait(false);
        try
        {
            return await BusyTimeout.BeginAsync(connection, options.IsolationLevel, options.LockWait, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException e) when (DbErrors.IsLocked(e))
        {
            return null;
        }
    }
}
