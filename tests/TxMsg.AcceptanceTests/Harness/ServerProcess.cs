using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The real server as an operating system process, with everything it printed.</summary>
public sealed class ServerProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigCont = 18;
    private static readonly string[] NotInherited = ["TxMsg", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "Urls", "OTEL_", "NO_PROXY"];
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> error = new();
    private readonly Process process;

    private ServerProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static string Dll { get; } = typeof(ServerProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ServerDll").Value!;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public int Id => process.Id;

    public IReadOnlyCollection<string> Output => output;

    public IReadOnlyCollection<string> Error => error;

    public string Log => string.Join('\n', output.Concat(error.Select(line => "stderr: " + line)));

    public static ServerProcess Start(string folder, Settings settings, params string[] arguments) => Start([], folder, settings, arguments);

    /// <summary>Starts it by another program that becomes the server, such as <c>strace -D</c>.</summary>
    public static ServerProcess Start(IReadOnlyList<string> launcher, string folder, Settings settings, params string[] arguments)
    {
        string[] command = [.. launcher, "dotnet", Dll, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsNotInherited).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = folder;
        // webhooks must not go where the environment's proxy sends them: nothing listens there, so one that did would fail
        start.Environment["HTTP_PROXY"] = start.Environment["http_proxy"] = "http://127.0.0.1:9";
        foreach (var (name, value) in settings.AsEnvironment())
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(start);
    }

    /// <summary>Runs the server until it ends by itself, as it does when it cannot start.</summary>
    public static async Task<ServerProcess> RunToEndAsync(string folder, Settings settings, params string[] arguments)
    {
        var server = Start(folder, settings, arguments);
        try
        {
            await server.WaitForExitAsync();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL: no handler of the server runs.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>SIGTERM: what an orchestrator sends to ask for a graceful end.</summary>
    public async Task TerminateAsync()
    {
        Signal(process.Id, SigTerm).Should().Be(0, "the process must be there to be stopped");
        await WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it stands still where it is, as a machine that is moved or out of memory does.</summary>
    public void Suspend() => Signal(process.Id, SigStop).Should().Be(0, "the process must be there to be suspended");

    /// <summary>SIGCONT: it goes on where it was, and knows nothing of the time between.</summary>
    public void Resume() => Signal(process.Id, SigCont).Should().Be(0, "the process must be there to go on");

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private static bool IsNotInherited(string name) =>
        NotInherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int processId, int signal);

    private async Task WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server did not end within {Eventually.Deadline}. It printed:\n{Log}");
        }
    }
}
