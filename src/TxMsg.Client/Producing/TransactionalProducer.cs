using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Local;
using TxMsg.Contracts.Messages;

namespace TxMsg.Client.Producing;

/// <summary>Sends messages that are delivered if and only if a local transaction committed: stores half messages, runs the local transaction with the
/// barrier as its first statement, and gives the verdict. Whatever fails on the way, the coordinator asks and the barrier answers. Safe for concurrent use.</summary>
public sealed partial class TransactionalProducer
{
    private readonly ICoordinatorClient coordinator;
    private readonly TransactionBarrier barrier;
    private readonly ProducerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly HomeDatabase home;

    /// <summary>Makes a producer.</summary>
    /// <param name="coordinator">The coordinator's calls.</param>
    /// <param name="barrier">The barrier; its table is in the database that the local transactions run in.</param>
    /// <param name="options">The producer's name, and how long a verdict may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where verdicts that did not get through are told.</param>
    public TransactionalProducer(ICoordinatorClient coordinator, TransactionBarrier barrier, ProducerOptions options, TimeProvider time, ILogger<TransactionalProducer> logger)
    {
        this.coordinator = coordinator;
        this.barrier = barrier;
        this.options = options;
        this.time = time;
        this.logger = logger;
        home = new HomeDatabase(options.Connect, $"{nameof(ProducerOptions)}.{nameof(ProducerOptions.Connect)}");
    }

    /// <summary>Runs a local transaction that a message goes with.</summary>
    /// <param name="connection">Opened, and closed again, if it is closed. No transaction may be open on it. <b>It is to the database that
    /// <see cref="ProducerOptions.Connect"/> opens</b>: check-backs are answered from there, and would say <c>rollback</c> of what was committed in any other.
    /// On SQLite another file is refused, on SQL Server a database of another name; one of the same name on another server is not noticed.</param>
    /// <param name="message">What is delivered if the transaction commits.</param>
    /// <param name="work">Does the work in the transaction, and neither commits nor rolls it back: it throws to roll back.</param>
    /// <param name="isolation">The transaction's isolation level. Default: the provider's.</param>
    /// <param name="cancellationToken">Cancels until the commit begins; never the commit and the verdict.</param>
    /// <returns>The transaction committed.</returns>
    /// <exception cref="CoordinatorException">The half message was refused, or whether it was stored is not known; the transaction was not begun, and what
    /// was stored is rolled back at the check-back.</exception>
    /// <exception cref="ArgumentException">There is no message, two have the same id, or the connection is to another database than that of
    /// <see cref="ProducerOptions.Connect"/>; nothing was stored.</exception>
    /// <exception cref="InvalidOperationException">The connection has a transaction already; or there is an ambient one (a <c>TransactionScope</c>), which could roll
    /// back what has been committed here and told the coordinator; nothing was stored.</exception>
    /// <exception cref="MessageDecidedException">The message was sent before, or by another call at the same time: where it is <c>committed</c>, the work was done
    /// there, and not here again.</exception>
    /// <exception cref="BarrierRejectedException">The transaction of this message was given up before it began: a check-back or a call that failed fenced it off. It
    /// was rolled back, and the message is not delivered.</exception>
    /// <exception cref="DbException">The database failed. While another call with the same message holds its lock, that is a time limit of the database's, and nothing is decided.</exception>
    /// <exception cref="LocalCommitUncertainException">The commit failed; whether the transaction committed is not known here.</exception>
    /// <remarks>
    /// <para>What the work throws comes out as it is, after the transaction was rolled back.</para>
    /// <para>Let the database's exceptions out of the work, and repeat no statement in it: a deadlock on SQL Server has rolled back everything, the barrier's
    /// row included, and what is repeated then runs outside any transaction. Repeat the whole call instead, with a new message. Reach the connection
    /// as <c>transaction.Connection</c>: it is null from then on, a connection that was kept is not.</para>
    /// </remarks>
    public Task<Sent> SendAsync(
        DbConnection connection, Message message, Func<DbTransaction, CancellationToken, Task> work,
        IsolationLevel isolation = IsolationLevel.Unspecified, CancellationToken cancellationToken = default) =>
        SendAsync(connection, [message], work, isolation, cancellationToken);

    /// <summary>As the other, with a value from the work.</summary>
    /// <inheritdoc cref="SendAsync(DbConnection, Message, Func{DbTransaction, CancellationToken, Task}, IsolationLevel, CancellationToken)"/>
    public Task<Sent<T>> SendAsync<T>(
        DbConnection connection, Message message, Func<DbTransaction, CancellationToken, Task<T>> work,
        IsolationLevel isolation = IsolationLevel.Unspecified, CancellationToken cancellationToken = default) =>
        SendAsync(connection, [message], work, isolation, cancellationToken);

    /// <summary>As the other, with several messages: all are delivered, or none.</summary>
    /// <inheritdoc cref="SendAsync(DbConnection, Message, Func{DbTransaction, CancellationToken, Task}, IsolationLevel, CancellationToken)"/>
    public async Task<Sent> SendAsync(
        DbConnection connection, IReadOnlyList<Message> messages, Func<DbTransaction, CancellationToken, Task> work,
        IsolationLevel isolation = IsolationLevel.Unspecified, CancellationToken cancellationToken = default)
    {
        return await SendAsync(connection, messages, RunAsync, isolation, cancellationToken).ConfigureAwait(false);

        async Task<bool> RunAsync(DbTransaction transaction, CancellationToken token)
        {
            await work(transaction, token).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>As the other, with several messages and a value from the work.</summary>
    /// <inheritdoc cref="SendAsync(DbConnection, Message, Func{DbTransaction, CancellationToken, Task}, IsolationLevel, CancellationToken)"/>
    public async Task<Sent<T>> SendAsync<T>(
        DbConnection connection, IReadOnlyList<Message> messages, Func<DbTransaction, CancellationToken, Task<T>> work,
        IsolationLevel isolation = IsolationLevel.Unspecified, CancellationToken cancellationToken = default)
    {
        using var unit = new TransactionUnit(this, connection, messages, nameof(connection));
        var wasClosed = connection.State == ConnectionState.Closed;
        if (!wasClosed) await RefuseOpenTransactionAsync(connection, cancellationToken).ConfigureAwait(false);
        await unit.PrepareAsync(cancellationToken).ConfigureAwait(false);
        T value;
        try
        {
            if (wasClosed) await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            value = await RunLocallyAsync(unit, connection, work, isolation, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not LocalCommitUncertainException)
        {
            await unit.GiveUpAsync(connection, exception).ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (wasClosed) await connection.CloseAsync().ConfigureAwait(false);
        }

        return new Sent<T>(value, await unit.CommitAsync().ConfigureAwait(false));
    }

    /// <summary>Single step: stores a half message. Enter its barrier as the first statement of the local transaction, then give the verdict.</summary>
    /// <exception cref="CoordinatorException">It was not stored, as far as is known.</exception>
    public Task<MessageResource> PrepareAsync(Message message, CancellationToken cancellationToken = default) =>
        coordinator.PrepareAsync(options.Name, message, cancellationToken);

    /// <summary>Single step: enters a message's barrier; the first statement of its local transaction.</summary>
    /// <exception cref="BarrierRejectedException">The transaction must not commit: roll it back.</exception>
    /// <exception cref="ArgumentException">The transaction is over, or it is of another database than that of <see cref="ProducerOptions.Connect"/>.</exception>
    /// <exception cref="InvalidOperationException">There is an ambient transaction (a <c>TransactionScope</c>).</exception>
    public async Task EnterAsync(DbTransaction transaction, Guid id, CancellationToken cancellationToken = default)
    {
        if (transaction.Connection is { } connection)
        {
            try
            {
                RequireHome(connection, nameof(transaction));
            }
            catch
            {
                // As whenever the barrier is not entered: what the caller goes on to do must not be committed.
                await BarrierCommands.DoomAsync(connection, transaction, SqlDialects.DialectOf(connection)).ConfigureAwait(false);
                throw;
            }
        }

        await barrier.EnterAsync(transaction, id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Single step: the local transaction committed.</summary>
    /// <exception cref="VerdictConflictException">The other verdict is recorded.</exception>
    public Task<MessageResource> CommitAsync(Guid id, CancellationToken cancellationToken = default) =>
        coordinator.CommitAsync(id, null, cancellationToken);

    /// <summary>Single step: the local transaction can never commit any more. Not for one whose commit failed: leave that to the check-back.</summary>
    /// <exception cref="VerdictConflictException">The other verdict is recorded.</exception>
    public Task<MessageResource> RollbackAsync(Guid id, CancellationToken cancellationToken = default) =>
        coordinator.RollbackAsync(id, null, cancellationToken);

    /// <summary>Sends an ordinary message, which no local transaction goes with.</summary>
    public Task<MessageResource> SendAsync(Message message, CancellationToken cancellationToken = default) =>
        coordinator.SendAsync(options.Name, message, cancellationToken);

    /// <summary>Sends ordinary messages, each judged alone; results in their order.</summary>
    public Task<IReadOnlyList<MessageResult>> SendAsync(IReadOnlyList<Message> messages, CancellationToken cancellationToken = default) =>
        coordinator.SendAsync(options.Name, messages, cancellationToken);

    // Before anything is stored. Providers do not tell, but refuse a command that goes around the transaction, as they would the transaction later.
    private static async Task RefuseOpenTransactionAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var probe = connection.Command(null, "ProbeConnection");
        await using (probe.ConfigureAwait(false))
        {
            try
            {
                await probe.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidOperationException exception)
            {
                throw new InvalidOperationException(
                    "The connection has a transaction already, or is in use; a message goes with a transaction of its own, in which the barrier is the first statement.", exception);
            }
        }
    }

    // Before anything is stored: such a message would be rolled back at its check-back, though its transaction committed.
    private void RequireHome(DbConnection connection, string parameter) =>
        home.Require(connection, "Check-backs are answered from there, and would roll back what has been committed elsewhere.", parameter);

    private async Task<T> RunLocallyAsync<T>(
        TransactionUnit unit, DbConnection connection, Func<DbTransaction, CancellationToken, Task<T>> work, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        var transaction = await BusyTimeout.BeginPatientlyAsync(connection, isolation, barrier.LockTime, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            T value;
            try
            {
                await unit.EnterAsync(transaction, cancellationToken).ConfigureAwait(false);
                value = await work(transaction, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await RollBackLocallyAsync(transaction).ConfigureAwait(false);
                throw;
            }

            await unit.CommitLocallyAsync(transaction.CommitAsync).ConfigureAwait(false);
            return value;
        }
    }

    private async Task RollBackLocallyAsync(DbTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException or IOException)
        {
            // The connection is lost, or the database ended the transaction itself. What the caller must hear is what went wrong before.
            LogRollbackFailed(exception);
        }
    }
}
