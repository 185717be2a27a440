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

    // Half a gigabyte: whoever reads for that long has forgotten it.
    private const int TooLongLogs = 16;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly SqliteConnection connection;
    private readonly Func<ValueTask<IDisposable?>> enterWriteGate;
    private readonly Func<long> countWrites;
    private readonly ILogger logger;
    private readonly int longLog;
    private readonly LogThrottle failures = new(LogThrottle.OfFailures, TimeProvider.System);
    private readonly LogThrottle growth = new(TimeSpan.FromMinutes(10), TimeProvider.System);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private long seen = -1;

    public SqliteCheckpointer(SqliteConnection connection, Func<ValueTask<IDisposable?>> enterWriteGate, Func<long> countWrites, ILogger? logger, int longLog = LongLog)
    {
        this.connection = connection;
        this.enterWriteGate = enterWriteGate;
        this.countWrites = countWrites;
        this.logger = logger ?? NullLogger.Instance;
        this.longLog = longLog;
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
            var (length, _) = Copy();
            seen = writes;
            if (length < longLog) return;
            using var gate = await enterWriteGate();
            (length, var copied) = Copy();
            if (copied < length && length >= TooLongLogs * longLog && growth.TryTake(out _)) LogGrowing(length);
        }
#pragma warning disable CA1031 // Whatever it is, the next tick tries again: nobody else copies, and the log would grow for good.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (failures.TryTake(out _)) LogCheckpointFailed(exception);
        }
    }

    // How many pages the log has, and how many of them are in the database.
    private (int Length, int Copied) Copy()
    {
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var length, out var copied);
        if (code is raw.SQLITE_OK or raw.SQLITE_BUSY) return (length, copied);
        throw new SqliteException($"SQLite Error {code}: '{raw.sqlite3_errmsg(connection.Handle!).utf8_to_string()}'.", code);
    }

    [LoggerMessage(1024, LogLevel.Warning, "The log of the database has {Pages} pages of 4 KiB and grows: somebody, probably another program, reads the database in a transaction that stays open")]
    private partial void LogGrowing(int pages);

    [LoggerMessage(1020, LogLevel.Error, "The log could not be copied back into the database; it is tried again")]
    private partial void LogCheckpointFailed(Exception exception);
}
