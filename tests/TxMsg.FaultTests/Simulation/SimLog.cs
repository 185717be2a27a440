using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.FaultTests.Simulation;

/// <summary>Reads what the server logs: an exception that is not the store's was not foreseen.</summary>
internal sealed class SimLog(Recorder recorder) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is null or SqliteException or StoreUnavailableException or WriteQueueFullException) return;
        recorder.Violated("fault", $"{formatter(state, exception)}: {exception}");
    }

    public void Dispose()
    {
    }
}
