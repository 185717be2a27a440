using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TxMsg.Benchmarks.Sockets;

namespace TxMsg.Benchmarks.Processes;

/// <summary>A server started for one measurement; it does not outlive this object.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int KeptLogLines = 30;
    private static readonly TimeSpan LongestShutdown = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> log = new();
    private readonly Process process;

    public ServerProcess(ProcessStartInfo start, int port)
    {
        Url = new Uri($"http://127.0.0.1:{port}");
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        process = Process.Start(start) ?? throw new BenchmarkFailedException($"{start.FileName} did not start.");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Url { get; }
    public int Id => process.Id;
    public bool IsRunning => !process.HasExited;
    public string LogTail => string.Join('\n', log);

    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>Asks first: a store that is measured again must have been closed in order.</summary>
    public void Dispose()
    {
        if (IsRunning)
            _ = LibC.Signal(Id, LibC.Terminate);
        if (!process.WaitForExit(LongestShutdown))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        log.Enqueue(line);
        if (log.Count > KeptLogLines)
            log.TryDequeue(out _);
    }
}
