using System.Diagnostics;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A running coordinator that can be killed, stopped and started again on the same data.</summary>
public sealed class Coordinator : IAsyncDisposable
{
    private const int StartAttempts = 4;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private readonly TestFolder folder = new();
    private readonly Settings settings;
    private readonly List<string> earlierLogs = [];
    private ServerProcess? process;
    private int port;

    private Coordinator(Settings settings, string? adminKey, IReadOnlyList<string>? launcher)
    {
        this.settings = settings;
        Launcher = launcher ?? [];
        Api = new Api(() => Address, adminKey);
    }

    public Api Api { get; }

    /// <summary>Its working directory.</summary>
    public string Folder => folder.Path;

    /// <summary>The program, with its arguments, by which the server is started from the next start on.</summary>
    public IReadOnlyList<string> Launcher { get; set; }

    public int ProcessId => process!.Id;

    public bool HasExited => process?.HasExited ?? true;

    public Uri Address => new($"http://127.0.0.1:{port}");

    /// <summary>Everything it printed, restarts included.</summary>
    public string Log => string.Join("\n-- restart --\n", [.. earlierLogs, process?.Log ?? ""]);

    /// <summary>A coordinator with a folder, whose first start is still to come.</summary>
    public static Coordinator NotStarted(Settings settings, IReadOnlyList<string>? launcher = null) => new(settings, adminKey: null, launcher);

    public static async Task<Coordinator> StartAsync(Settings settings, string? adminKey = null, IReadOnlyList<string>? launcher = null)
    {
        var coordinator = new Coordinator(settings, adminKey, launcher);
        try
        {
            await coordinator.StartAsync();
            return coordinator;
        }
        catch
        {
            await coordinator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it (again), on the port it had before if that is still free.</summary>
    public async Task StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            port = port == 0 ? FreePort.Find() : port;
            process = ServerProcess.Start(Launcher, folder.Path, settings.With("Urls", Address.ToString().TrimEnd('/')));
            if (await IsReadyAsync())
            {
                return;
            }

            var log = process.Log;
            Leave();
            // between finding a free port and using it, another process may have taken it
            if (attempt == StartAttempts || !log.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"The coordinator did not become ready. It printed:\n{log}");
            }

            port = 0;
        }
    }

    /// <summary>SIGKILL, as by the out-of-memory killer.</summary>
    public async Task KillAsync()
    {
        await process!.KillAsync();
        Leave();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await process!.TerminateAsync();
        var exitCode = process.ExitCode;
        Leave();
        return exitCode;
    }

    /// <summary>SIGSTOP.</summary>
    public void Suspend() => process!.Suspend();

    /// <summary>SIGCONT.</summary>
    public void Resume() => process!.Resume();

    public async Task KillAndRestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    public ValueTask DisposeAsync()
    {
        process?.Dispose();
        process = null;
        Api.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Leave()
    {
        earlierLogs.Add(process!.Log);
        process.Dispose();
        process = null;
    }

    private async Task<bool> IsReadyAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < StartDeadline && !process!.HasExited;)
        {
            try
            {
                if ((await Api.GetAsync("/health/ready")).Status == 200)
                {
                    return true;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or System.Net.Sockets.SocketException)
            {
                // not listening yet
            }

            await Task.Delay(50);
        }

        return false;
    }
}
