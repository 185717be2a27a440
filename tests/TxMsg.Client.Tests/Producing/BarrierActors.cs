using System.Data.Common;
using Dapper;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>How a local transaction ends.</summary>
public enum Ending
{
    Commit,
    Rollback,

    /// <summary>The connection is lost.</summary>
    Crash,
}

/// <summary>Someone whose steps are taken one after the other; between them, those of others. A step that waits holds back its own later ones only.</summary>
public abstract class BarrierActor
{
    private Task tail = Task.CompletedTask;

    public abstract int Steps { get; }

    public Task Finished => tail;

    public Task Take(int step) => tail = After(tail, step);

    protected abstract Task RunAsync(int step);

    private async Task After(Task before, int step)
    {
        await before;
        await RunAsync(step);
    }
}

/// <summary>Begins, reads, enters the barrier, works, and ends.</summary>
public sealed class LocalTransaction(BarrierDatabase database, Func<DbTransaction, Guid, Task> enter, Guid id, Ending ending) : BarrierActor
{
    private DbConnection? connection;
    private DbTransaction? transaction;

    public override int Steps => 4;

    public bool Committed { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>Whether its first step has been taken and its end not been reached.</summary>
    public bool InFlight { get; private set; }

    /// <summary>Whether its first step has been taken.</summary>
    public bool Begun { get; private set; }

    protected override async Task RunAsync(int step)
    {
        if (Failure is not null) return;
        try
        {
            await StepAsync(step);
        }
        catch (Exception exception) when (exception is DbException or BarrierRejectedException)
        {
            Failure = exception;
            await EndAsync();
        }
    }

    private async Task StepAsync(int step)
    {
        switch (step)
        {
            case 0:
                Begun = InFlight = true;
                connection = await database.OpenAsync();
                transaction = await database.BeginAsync(connection);
                await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM work", transaction: transaction);
                break;
            case 1:
                await enter(transaction!, id);
                break;
            case 2:
                await connection!.ExecuteAsync("INSERT INTO work (id) VALUES (@id)", new { id = id.ToByteArray(true) }, transaction);
                break;
            default:
                if (ending == Ending.Commit) await transaction!.CommitAsync();
                if (ending == Ending.Rollback) await transaction!.RollbackAsync();
                Committed = ending == Ending.Commit;
                await EndAsync();
                break;
        }
    }

    private async Task EndAsync()
    {
        if (transaction is not null) await transaction.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
        InFlight = false;
    }
}

/// <summary>Asks, and hears the answer: between the two it may be waiting.</summary>
public sealed class CheckBack(BarrierDatabase database, Func<DbConnection, Guid, TimeSpan, Task<CheckBackAnswer>> answer, Guid id, LocalTransaction[] locals) : BarrierActor
{
    private Task<CheckBackAnswer>? asked;
    private LocalTransaction[] before = [];

    public override int Steps => 2;

    public CheckBackAnswer? Heard { get; private set; }

    /// <summary>Whether it heard unknown, and every local transaction was over before it asked or began after it heard.</summary>
    public bool UnknownForNoReason { get; private set; }

    protected override async Task RunAsync(int step)
    {
        if (step == 0)
        {
            before = [.. locals.Where(local => local.Begun && !local.InFlight)];
            asked = AskAsync();
            await database.SettleAsync(asked);
            return;
        }

        await database.FinishAsync(asked!);
        Heard = await asked!;
        UnknownForNoReason = Heard == CheckBackAnswer.Unknown && locals.Where(local => local.Begun).All(before.Contains);
    }

    private async Task<CheckBackAnswer> AskAsync()
    {
        await using var connection = await database.OpenAsync();
        return await answer(connection, id, BarrierDatabase.Wait);
    }
}
