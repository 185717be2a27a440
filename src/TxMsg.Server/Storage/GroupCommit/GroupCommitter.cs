using System.Data.Common;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>Writes what is hot. Whatever waits when a transaction ends goes into the next one, set by set, with one log flush
/// for all; each caller is answered when its own transaction is durable, and one bad row fails alone.</summary>
/// <remarks>One thread of its own: the flush blocks, and must not block a thread that answers requests.</remarks>
public sealed partial class GroupCommitter : IDisposable
{
    private const int MaxTries = 10;
    private const int MaxBatch = 2048;

    // So many are completed by one item of the thread pool: a queue operation for each would cost more than answering it.
    private const int CompletionChunk = 16;

    // Each that is blocked waits for its lock, each that is not costs a round trip: that is so much less.
    private const int PiecesOfABlockedBatch = 16;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    // A disk that fails, perhaps because it is full, fails every transaction of every millisecond.
    private readonly LogThrottle storeFailures = new(LogThrottle.OfFailures, TimeProvider.System);
    private readonly LogThrottle retries = new(LogThrottle.OfFailures, TimeProvider.System);

    private readonly StoreDatabase database;
    private readonly BatchWriter writer;
    private readonly ILogger<GroupCommitter> logger;
    private readonly WriteQueue queue;
    private readonly int batchLimit;
    private readonly Thread thread;
    private bool isPumped;
    private bool isBetweenParts;

    /// <summary>Takes its steps in the order in which they are registered: that is also the lock order.</summary>
    public GroupCommitter(StoreDatabase database, IEnumerable<WriteStep> steps, IOptions<StoreOptions> store, IOptions<LimitsOptions> limits, ILogger<GroupCommitter> logger)
    {
        this.database = database;
        this.logger = logger;
        writer = new BatchWriter(database, steps.ToArray(), logger);
        queue = new WriteQueue(limits.Value.WriteQueueLength, Linger);
        batchLimit = store.Value.GroupCommit ? MaxBatch : 1;
        thread = new Thread(Run) { IsBackground = true, Name = "txmsg-group-commit" };
    }

    /// <summary>Whether the committer's thread runs and its last transaction was not refused by the store.</summary>
    public bool IsHealthy => thread.IsAlive && LastFault is null;

    /// <summary>Why the store refused the last transaction, if it did.</summary>
    public Exception? LastFault { get; private set; }

    /// <summary>Callers lead while a transaction takes no longer: a leader blocks a thread that answers requests, and beside a slow flush a
    /// switch of threads does not count.</summary>
    internal TimeSpan LongestLead { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>What other nodes' transactions hold.</summary>
    internal BlockedRows Blocked { get; init; } = new();

    /// <summary>How many operations wait.</summary>
    public int QueueLength => queue.Length;

    /// <summary>Writes an operation; completes when it is durable.</summary>
    /// <param name="operation">What to write.</param>
    /// <param name="isAlone">Whether the caller hands in nothing else meanwhile. When the committer rests, its own thread leads then: it
    /// writes in the committer's place, which saves two switches of threads. It tries once, and leaves what goes wrong to the committer.</param>
    /// <exception cref="WriteQueueFullException">Too many wait already.</exception>
    public Task<TResult> WriteAsync<TResult>(WriteOperation<TResult> operation, bool isAlone = false)
    {
        if (!(isAlone && TryLead(operation)) && !queue.TryAddUrgent(operation)) throw new WriteQueueFullException();
        return operation.Completion;
    }

    /// <summary>Writes an operation of this node's own: a claim, a batch of a bulk action, the answer to a check-back. Those who call fill the
    /// queue; it must not keep the node from its work, or have it do again what it has done.</summary>
    /// <exception cref="WriteQueueFullException">The server has stopped.</exception>
    public Task<TResult> WriteOwnAsync<TResult>(WriteOperation<TResult> operation)
    {
        if (!queue.TryAddUrgent(operation, isOwn: true)) throw new WriteQueueFullException();
        return operation.Completion;
    }

    /// <summary>Writes an operation that may wait a few milliseconds for company.</summary>
    /// <exception cref="WriteQueueFullException">The server has stopped.</exception>
    public Task<TResult> WriteDeferredAsync<TResult>(WriteOperation<TResult> operation)
    {
        if (!queue.TryAddDeferred(operation)) throw new WriteQueueFullException();
        return operation.Completion;
    }

    /// <summary>Begins to write; the store is ready.</summary>
    public void Start() => thread.Start();

    /// <summary>Writes what waits, on the caller's thread, which then goes on with the callers too; false when nothing waited. In place
    /// of <see cref="Start"/>, for a simulation that has one thread.</summary>
    internal bool WriteWaiting()
    {
        if (queue.Length == 0) return false;
        isPumped = true;
        var batch = new List<WriteOperation>();
        queue.Take(batch, batchLimit);
        WriteTurn(batch);
        return true;
    }

    /// <summary>Takes nothing more; returns when what waited is written.</summary>
    public void Stop()
    {
        queue.Complete();
        if (thread.IsAlive) thread.Join();
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private void Run()
    {
        var batch = new List<WriteOperation>(MaxBatch);
        try
        {
            while (queue.Take(batch, batchLimit))
            {
                CoordinatorMetrics.RecordBatch(batch);
                WriteTurn(batch);
                batch.Clear();
            }
        }
        finally
        {
            writer.Dispose();
        }
    }

    // Whether the operation was taken: written, or left to the committer.
    private bool TryLead(WriteOperation operation)
    {
        if (writer.LastTook > LongestLead || queue.TryLead(operation, batchLimit) is not { } batch) return false;
        var isWritten = false;
        try
        {
            CoordinatorMetrics.RecordBatch(batch);
            isWritten = writer.TryWrite(batch);
            if (isWritten) LastFault = null;
        }
#pragma warning disable CA1031 // The committer meets it again, and knows what to do.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            queue.EndLead(isWritten ? [] : batch);
        }

        if (isWritten)
        {
            operation.Succeed();
            foreach (var some in batch.Skip(1).Chunk(CompletionChunk)) Complete(new Completion(some, null));
        }

        return true;
    }

    private void WriteTurn(List<WriteOperation> batch, bool hurries = false)
    {
        var held = Blocked.TakeFrom(batch);
        if (batch.Count > 0) WriteBatch(batch, hurries);
        if (held.Count > 0) WriteHeld(held);
    }

    // One first; as long as nothing is in the way any more, twice as many. Whoever was not tried is told.
    private void WriteHeld(List<WriteOperation> held)
    {
        var next = 0;
        for (var size = 1; next < held.Count && Blocked.MayTry; size *= 2)
        {
            var some = held.GetRange(next, Math.Min(size, held.Count - next));
            next += some.Count;
            WriteBatch(some, hurries: true, searches: false);
        }

        if (next < held.Count) Complete(new Completion([.. held[next..]], new StoreUnavailableException(Blocked.LastFault!)));
    }

    private void WriteBatch(List<WriteOperation> batch, bool hurries = false, bool searches = true)
    {
        var fault = TryWrite(batch, hurries);
        if (fault is null)
        {
            LastFault = null;
            foreach (var operation in batch) Blocked.Remove(operation);
            foreach (var some in batch.Chunk(CompletionChunk)) Complete(new Completion(some, null));
        }
        else if (batch.Count > 1 && IsBlocked(fault) && searches)
        {
            WriteAround(batch);
        }
        else if (batch.Count > 1 && fault is BatchTooLargeException)
        {
            WriteInHalves(batch, hurries);
        }
        else if (batch.Count > 1 && !IsFaultOfTheStore(fault))
        {
            // Something in the set is bad: each alone, so that only the bad one fails.
            foreach (var operation in batch) WriteBatch([operation]);
        }
        else
        {
            if (IsBlocked(fault)) batch.ForEach(operation => Blocked.Add(operation, fault));
            else if (IsFaultOfTheStore(fault)) LastFault = fault;
            if (!IsFaultOfTheStore(fault)) LogWriteFailed(batch.Count, fault);
            else if (storeFailures.TryTake(out var count, batch.Count)) LogWriteFailed(count, fault);
            Complete(new Completion(batch.ToArray(), fault is DbException ? new StoreUnavailableException(fault) : fault));
        }
    }

    // A transaction that does not end holds a row, as that of a node that stands still in the middle of one. In pieces, so that what
    // needs that row fails, and the rest waits for it this once. What is deferred touches what this node holds, and goes first and in
    // between: the search may take longer than a lease, and what was delivered must be recorded before that ends.
    private void WriteAround(List<WriteOperation> batch)
    {
        var urgent = batch.FindAll(static operation => !operation.IsDeferred);
        if (urgent.Count > 0 && urgent.Count < batch.Count) WriteBatch(batch.FindAll(static operation => operation.IsDeferred), hurries: true);
        var pieces = urgent.Count > 0 ? urgent : batch;
        foreach (var piece in pieces.Chunk(Math.Max(1, pieces.Count / PiecesOfABlockedBatch)))
        {
            WriteBatch([.. piece], hurries: true);
            if (urgent.Count > 0) WriteWaitingDeferred();
        }
    }

    // One transaction of it all would hold everybody up. What comes meanwhile goes in between.
    private void WriteInHalves(List<WriteOperation> batch, bool hurries)
    {
        var half = batch.Count / 2;
        WriteBatch(batch.GetRange(0, half), hurries);
        WriteWhatCameMeanwhile();
        WriteBatch(batch.GetRange(half, batch.Count - half), hurries);
    }

    private void WriteWhatCameMeanwhile()
    {
        // What is too large itself then has its parts one after the other: else the first would wait for the last.
        if (isBetweenParts) return;
        var waiting = new List<WriteOperation>();
        if (!queue.TakeWaiting(waiting, batchLimit)) return;
        isBetweenParts = true;
        CoordinatorMetrics.RecordBatch(waiting);
        WriteTurn(waiting);
        isBetweenParts = false;
    }

    private void WriteWaitingDeferred()
    {
        var waiting = new List<WriteOperation>();
        if (!queue.TakeDeferred(waiting, batchLimit)) return;
        CoordinatorMetrics.RecordBatch(waiting);
        WriteTurn(waiting, hurries: true);
    }

    private void Complete(Completion completion)
    {
        if (isPumped) completion.Execute();
        else ThreadPool.UnsafeQueueUserWorkItem(completion, preferLocal: false);
    }

    // A constraint or a bad value is the row's fault; everything else the database says is its own.
    private bool IsFaultOfTheStore(Exception fault) => fault is DbException database && !this.database.IsFaultOfTheRow(database);

    private bool IsBlocked(Exception fault) => fault is DbException database && this.database.IsBlocked(database);

    private bool MayRepeat(DbException fault) => !database.IsBlocked(fault) && (database.IsTransient(fault) || database.IsDuplicateKey(fault));

    private Exception? TryWrite(List<WriteOperation> batch, bool hurries)
    {
        var began = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                writer.Write(batch, hurries);
                return null;
            }
            catch (DbException exception) when (attempt < MaxTries && Stopwatch.GetElapsedTime(began) < database.Patience && MayRepeat(exception))
            {
                // A duplicate key means that another node was first: the next try finds its row.
                if (retries.TryTake(out var count)) LogRetry(count, attempt, exception);
                Thread.Sleep(StoreDatabase.RetryDelay(attempt));
            }
#pragma warning disable CA1031 // Returned to the caller, who is told; the committer itself must go on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                return exception;
            }
        }
    }
}
