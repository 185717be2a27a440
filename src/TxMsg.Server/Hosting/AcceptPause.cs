using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Hosting;

/// <summary>Slows Kestrel down while the process has no handle for another connection. It takes that for a client that has gone and accepts
/// again at once, 18,000 times a second, each with an exception: a core, and more memory than the collector gives back.</summary>
/// <remarks>Nothing of Kestrel's can be put into that loop. What is told of an exception runs on the thread that throws it, and so can wait.</remarks>
internal sealed partial class AcceptPause(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AcceptPause> logger) : IHostedService
{
    private const string LoopOfKestrel = "SocketConnectionListener";

    private readonly LogThrottle shortages = new(LogThrottle.OfFailures, time);

    /// <summary>Between two tries. A connection that waits in the meantime hardly notices.</summary>
    internal TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // What this needs is loaded now: a library could not be opened any more when it counts.
        IsKestrelAccepting();
        AppDomain.CurrentDomain.FirstChanceException += OnException;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        AppDomain.CurrentDomain.FirstChanceException -= OnException;
        return Task.CompletedTask;
    }

    // Only accepting: whoever connects has pauses of its own.
    private void OnException(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is not SocketException { SocketErrorCode: SocketError.TooManyOpenSockets }) return;
        if (!IsKestrelAccepting()) return;
        if (shortages.TryTake(out var count)) LogShortage(count);
        lifetime.ApplicationStopping.WaitHandle.WaitOne(Pause);
    }

    private static bool IsKestrelAccepting() => new StackTrace(fNeedFileInfo: false).ToString().Contains(LoopOfKestrel, StringComparison.Ordinal);

    [LoggerMessage(1023, LogLevel.Error, "There is no handle for another connection; tried {Count} times. Let the process open more files (ulimit -n, LimitNOFILE=), or lower TxMsg:Limits:MaxConnections")]
    private partial void LogShortage(int count);
}
