using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>Copies the log back into the database beside the writers, instead of in the middle of a commit that callers wait for.
/// Only what is left at the end is copied while nobody writes: then the log begins anew and stays short.</summary>
internal sealed partial class SqliteCheckpointer : IAsyncDisposable
{
    // The log is rewritten from its start once so many pages of it (4 KiB each) could be copied.
    private const int LongLog = 8_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly SqliteConnection connection;
    private readonly Func<ValueTask<IDisposable?>> enterWriteGate;
    private readonly Func<long> countWrites;
    private readonly ILogger logger;
    private readonly LogThrottle failures = new(LogThrottle.OfFailures, TimeProvider.System);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private long seen = -1;

    public SqliteCheckpointer(SqliteConnection connection, Func<ValueTask<IDisposable?>> enterWriteGate, Func<long> countWrites, ILogger? logger)
    {
        this.connection = connection;
        this.enterWriteGate = enterWriteGate;
        this.countWrites = countWrites;
        this.logger = logger ?? NullLogger.Instance;
        running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        await connection.DisposeAsync();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token)) await CheckpointAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The last connection to close copies what is left.
        }
    }

    private async Task CheckpointAsync()
    {
        try
        {
            var writes = countWrites();
            if (writes == seen) return;
            var length = Copy();
            seen = writes;
            if (length < LongLog) return;
            using var gate = await enterWriteGate();
            Copy();
        }
#pragma warning disable CA1031 // Whatever it is, the next tick tries again: nobody else copies, and the log would grow for good.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (failures.TryTake(out _)) LogCheckpointFailed(exception);
        }
    }

    // Returns how many pages the log has.
    private int Copy()
    {
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var length, out _);
        if (code is raw.SQLITE_OK or raw.SQLITE_BUSY) return length;
        throw new SqliteException($"SQLite Error {code}: '{raw.sqlite3_errmsg(connection.Handle!).utf8_to_string()}'.", code);
    }

    [LoggerMessage(1020, LogLevel.Error, "The log could not be copied back into the database; it is tried again")]
    private partial void LogCheckpointFailed(Exception exception);
}
