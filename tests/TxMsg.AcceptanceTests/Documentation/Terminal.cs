using System.Collections.Concurrent;
using System.Diagnostics;

namespace TxMsg.AcceptanceTests.Documentation;

/// <summary>A program that runs in the repository's folder, with everything that it printed.</summary>
public sealed class Terminal : IDisposable
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Process process;

    private Terminal(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Text => string.Join('\n', lines);

    public static Terminal Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // what the tour calls is on this machine
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "127.0.0.1";
        return new Terminal(start);
    }

    /// <summary>Runs commands as they would be pasted, to their end.</summary>
    public static async Task<string> PasteAsync(string commands, TimeSpan within)
    {
        using var terminal = Run("bash", "-c", commands);
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await terminal.process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new AssertionException($"The commands did not end within {within}. They printed:\n{terminal.Text}");
        }

        return terminal.Text;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            // "dotnet run" has a child
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
