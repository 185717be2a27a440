using System.Diagnostics;

namespace TxMsg.FaultTests.Workload;

/// <summary>A program of the machine that brings a fault about beside the coordinator.</summary>
internal sealed class Tool : IAsyncDisposable
{
    private readonly Process process;

    private Tool(Process process) => this.process = process;

    public static Tool Start(string program, params string[] arguments) => new(Process.Start(new ProcessStartInfo(program, arguments))!);

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="FaultTestException">It failed.</exception>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new FaultTestException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    /// <summary>SIGTERM, by which strace lets go of what it traces.</summary>
    public async Task TerminateAsync()
    {
        if (process.HasExited) return;
        await RunAsync("kill", "-TERM", $"{process.Id}");
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await TerminateAsync();
        process.Dispose();
    }
}
