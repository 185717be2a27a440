using System.Data.Common;
using System.Diagnostics;

namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>Writes a batch in one transaction, on a connection that it keeps. For one thread at a time.</summary>
internal sealed partial class BatchWriter(StoreDatabase database, WriteStep[] steps, ILogger<GroupCommitter> logger) : IDisposable
{
    private readonly Dictionary<Type, WriteStep> stepByType = steps.ToDictionary(step => step.OperationType);
    private WriteSession? session;
    private long lastTook = TimeSpan.MaxValue.Ticks;

    /// <summary>How long the last transaction took, without the wait for its turn; as long as can be before the first one.</summary>
    public TimeSpan LastTook => new(Volatile.Read(ref lastTook));

    /// <summary>Waits for its turn, then writes all of <paramref name="batch"/>, or throws and has written nothing.</summary>
    /// <param name="hurries">Whether it gives up soon where another transaction is in its way.</param>
    public void Write(List<WriteOperation> batch, bool hurries)
    {
        using var gate = database.EnterWriteGate();
        WriteInTurn(batch, hurries);
    }

    /// <summary>The same if it can be done at once; false, and nothing written, where its turn would have to be waited for.</summary>
    public bool TryWrite(List<WriteOperation> batch)
    {
        using var gate = database.TryEnterWriteGate();
        if (gate is null) return false;
        WriteInTurn(batch, hurries: false);
        return true;
    }

    public void Dispose()
    {
        session?.Dispose();
        session = null;
    }

    private void WriteInTurn(List<WriteOperation> batch, bool hurries)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var operation in batch) stepByType[operation.GetType()].Add(operation);
        try
        {
            if (session is not { IsUsable: true })
            {
                Dispose();
                session = database.OpenWriteSession();
            }

            session.Hurry(hurries);
            session.Begin();
            foreach (var step in steps) step.Apply(session);
            session.Commit();
        }
        catch (Exception exception)
        {
            foreach (var step in steps) step.Rollback();
            RollbackSession();
            // It is whole, and would be kept for good: a node whose primary has become a replica could never write again.
            if (exception is DbException fault && database.NeedsNewConnection(fault)) Dispose();
            throw;
        }
        finally
        {
            foreach (var step in steps) step.Clear();
            Volatile.Write(ref lastTook, Stopwatch.GetElapsedTime(began).Ticks);
        }
    }

    private void RollbackSession()
    {
        try
        {
            session?.Rollback();
        }
        catch (DbException exception)
        {
            // The transaction ends with its connection; the next one gets a new connection.
            LogRollbackFailed(exception);
            Dispose();
        }
    }

    [LoggerMessage(1003, LogLevel.Warning, "A rollback failed; the connection is given up")]
    private partial void LogRollbackFailed(Exception exception);
}
