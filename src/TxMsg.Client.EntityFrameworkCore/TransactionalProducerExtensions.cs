using System.Data;
using Microsoft.EntityFrameworkCore;
using TxMsg.Client.Producing;

namespace TxMsg.Client.EntityFrameworkCore;

/// <summary>Transactional messages over a <see cref="DbContext"/>.</summary>
/// <remarks>
/// <para>The work, what it saves and the barrier are one database transaction, run by the context's execution strategy. Changes that the work
/// leaves in the context are saved before the commit.</para>
/// <para>A strategy that retries (<c>EnableRetryOnFailure</c>) runs the whole transaction again with the same message, so the work runs again, too. If
/// the commit of an earlier try got through although its answer was lost, the barrier's row is there: the next try is refused by it, and the
/// earlier one counts. It can never commit twice. Each further try begins with an empty change tracker; so that this loses nothing, the tracker must
/// be empty at the call: load and add inside the work.</para>
/// <para>Let the database's exceptions out of the work, and repeat no statement in it: a deadlock on SQL Server has rolled back everything, the barrier's
/// row included, and what is repeated then runs outside any transaction. Repeating is for the strategy, or for the caller with a new message.</para>
/// </remarks>
public static class TransactionalProducerExtensions
{
    /// <summary>Runs a local transaction of a context that a message goes with.</summary>
    /// <param name="producer">The producer.</param>
    /// <param name="context">The context, with no transaction begun. <b>Its database is the one that <see cref="ProducerOptions.Connect"/> opens</b>:
    /// check-backs are answered from there, and would say <c>rollback</c> of what was committed in any other. On SQLite another file is refused, on SQL Server a
    /// database of another name; one of the same name on another server is not noticed.</param>
    /// <param name="message">What is delivered if the transaction commits.</param>
    /// <param name="work">Does the work; changes need not be saved. It throws to roll back.</param>
    /// <param name="isolation">The transaction's isolation level. Default: the provider's.</param>
    /// <param name="cancellationToken">Cancels until the commit begins; never the commit and the verdict.</param>
    /// <exception cref="InvalidOperationException">A transaction is begun already, or there is an ambient one (a <c>TransactionScope</c>); or the strategy retries and the context tracks entities.</exception>
    /// <inheritdoc cref="TransactionalProducer.SendAsync(System.Data.Common.DbConnection, Message, Func{System.Data.Common.DbTransaction, CancellationToken, Task}, IsolationLevel, CancellationToken)"/>
    public static Task<Sent> SendAsync(
        this TransactionalProducer producer, DbContext context, Message message, Func<CancellationToken, Task> work,
        IsolationLevel isolation = IsolationLevel.Unspecified, CancellationToken cancellationToken = default) =>
        producer.SendAsync(context, [message], work, isolation, cancellationToken);

    /// <summary>As the other, with a value from the work.</summary>
    /// <inheritdoc cref="SendAsync(TransactionalProducer, DbContext, Message, Func{CancellationToken, Task}, IsolationLevel, CancellationToken)"/>
    public static Task<Sent<T>> SendAsync<T>(
        this TransactionalProducer producer, DbContext context, Message message, Func<CancellationToken, Task<T>> work,
        IsolationLevel isolation = IsolationLevel.Unspecified, CancellationToken cancellationToken = default) =>
        producer.SendAsync(context, [message], work, isolation, cancellationToken);

    /// <summary>As the other, with several messages: all are delivered, or none.</summary>
    /// <inheritdoc cref="SendAsync(TransactionalProducer, DbContext, Message, Func{CancellationToken, Task}, IsolationLevel, CancellationToken)"/>
    public static async Task<Sent> SendAsync(
        this TransactionalProducer producer, DbContext context, IReadOnlyList<Message> messages, Func<CancellationToken, Task> work,
        IsolationLevel isolation = IsolationLevel.Unspecified, CancellationToken cancellationToken = default)
    {
        return await producer.SendAsync(context, messages, RunAsync, isolation, cancellationToken).ConfigureAwait(false);

        async Task<bool> RunAsync(CancellationToken token)
        {
            await work(token).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>As the other, with several messages and a value from the work.</summary>
    /// <inheritdoc cref="SendAsync(TransactionalProducer, DbContext, Message, Func{CancellationToken, Task}, IsolationLevel, CancellationToken)"/>
    public static async Task<Sent<T>> SendAsync<T>(
        this TransactionalProducer producer, DbContext context, IReadOnlyList<Message> messages, Func<CancellationToken, Task<T>> work,
        IsolationLevel isolation = IsolationLevel.Unspecified, CancellationToken cancellationToken = default)
    {
        using var unit = new TransactionalProducer.TransactionUnit(producer, context.Database.GetDbConnection(), messages, nameof(context));
        var run = new ContextTransaction<T>(unit, context, work, isolation);
        await unit.PrepareAsync(cancellationToken).ConfigureAwait(false);
        var value = await run.RunAsync(cancellationToken).ConfigureAwait(false);
        return new Sent<T>(value, await unit.CommitAsync().ConfigureAwait(false));
    }
}
