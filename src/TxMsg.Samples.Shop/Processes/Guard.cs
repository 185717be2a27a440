using System.Diagnostics;

namespace TxMsg.Samples.Shop.Processes;

/// <summary>
/// The process between the shop and one of its processes. It starts that process, and kills it when its own standard input ends: the shop
/// has closed it, or has itself ended in whatever way. There is no moment at which a process runs that nobody would end.
/// </summary>
internal static class Guard
{
    /// <summary>What the process that was started with <c>guard COMMAND ...</c> does.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> command)
    {
        // What the guarded process prints goes where the guard's own output goes.
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true })
            ?? throw new InvalidOperationException($"{command[0]} could not be started.");
        var ended = process.WaitForExitAsync();
        // Nothing is written to it: all that is to be read is its end.
        await Task.WhenAny(ended, Console.OpenStandardInput().ReadAsync(new byte[1]).AsTask());
        // If it has ended by itself, this does nothing.
        process.Kill();
        await ended;
        return process.ExitCode;
    }
}
