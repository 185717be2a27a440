using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using TxMsg.Client.Producing;

namespace TxMsg.Client.EntityFrameworkCore;

/// <summary>One local transaction of a context, tried as often as its execution strategy says, with the same messages each time.</summary>
internal sealed class ContextTransaction<T>
{
    private readonly TransactionalProducer.TransactionUnit unit;
    private readonly DbContext context;
    private readonly Func<CancellationToken, Task<T>> work;
    private readonly IsolationLevel isolation;
    private readonly IExecutionStrategy strategy;
    private readonly string? connectionString;
    private bool isRepeated;

    // Whether a try got as far as its commit, and nobody knows yet what became of it.
    private bool isUncertain;
    private T? value;

    public ContextTransaction(TransactionalProducer.TransactionUnit unit, DbContext context, Func<CancellationToken, Task<T>> work, IsolationLevel isolation)
    {
        this.unit = unit;
        this.context = context;
        this.work = work;
        this.isolation = isolation;
        strategy = context.Database.CreateExecutionStrategy();
        connectionString = context.Database.GetConnectionString();
        if (context.Database.CurrentTransaction is not null)
            throw new InvalidOperationException("The context has a transaction already; a message goes with one of its own, in which the barrier is the first statement.");
        if (strategy.RetriesOnFailure && context.ChangeTracker.Entries().Any())
            throw new InvalidOperationException("The context's execution strategy retries, and each try begins with an empty change tracker. Load and add inside the work, or call ChangeTracker.Clear() before.");
    }

    /// <summary>Commits the transaction, or throws.</summary>
    public async Task<T> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await strategy.ExecuteAsync(TryAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (isUncertain)
        {
            throw unit.Uncertain(exception);
        }
        catch (Exception exception)
        {
            await unit.GiveUpAsync(context.Database.GetDbConnection(), exception).ConfigureAwait(false);
            throw;
        }
        finally
        {
            // The context is the caller's, or a pool's that gives it to another one: nothing that the barrier did to it may stay.
            RestoreConnection();
        }

        context.ChangeTracker.AcceptAllChanges();
        return value!;
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        if (isRepeated) BeginAgain();
        isRepeated = true;
        var transaction = await context.Database.BeginTransactionAsync(isolation, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (!await EnterAsync(transaction, cancellationToken).ConfigureAwait(false)) return;
            value = await work(cancellationToken).ConfigureAwait(false);
            await context.SaveChangesAsync(acceptAllChangesOnSuccess: false, cancellationToken).ConfigureAwait(false);
            isUncertain = true;
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>False when an earlier try has committed.</summary>
    private async Task<bool> EnterAsync(IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await unit.EnterAsync(transaction.GetDbTransaction(), cancellationToken).ConfigureAwait(false);
            // The row is this try's: no earlier one has committed, or ever will.
            isUncertain = false;
            return true;
        }
        catch (BarrierRejectedException) when (isUncertain)
        {
            // Either the earlier commit got through, or a check-back came in between and was answered rollback. The barrier knows.
            await transaction.DisposeAsync().ConfigureAwait(false);
            switch (await unit.AskBarrierAsync(context.Database.GetDbConnection(), cancellationToken).ConfigureAwait(false))
            {
                case CheckBackAnswer.Commit:
                    return false;
                case CheckBackAnswer.Rollback:
                    isUncertain = false;
                    break;
            }

            throw;
        }
    }

    private void BeginAgain()
    {
        context.ChangeTracker.Clear();
        RestoreConnection();
    }

    // A barrier that could not be entered closes the connection for good, against code that goes on regardless. That code is not this one.
    private void RestoreConnection()
    {
        var connection = context.Database.GetDbConnection();
        if (connection is { State: ConnectionState.Closed, ConnectionString: "" } && connectionString is not null) connection.ConnectionString = connectionString;
    }
}
