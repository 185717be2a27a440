using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace TxMsg.Server.Hosting;

/// <summary>Lets the threads that wait for sockets wait for a processor too (ADR 18). Each packet wakes one of them, which hands it to the
/// thread pool and sleeps again: under load that took the processor from whoever worked, some 17,000 times a second.</summary>
internal static partial class SocketThreads
{
    // As .NET calls them.
    private const string Name = ".NET Sockets";

    // Linux: scheduled like any other thread, but does not interrupt one when it wakes. Needs no privilege.
    private const int BatchPolicy = 3;

    /// <summary>Changes the policy of those that there are: all of them, once the server listens.</summary>
    [SupportedOSPlatform("linux")]
    public static void LetWait(ILogger logger)
    {
        foreach (var thread in Find())
            if (SetScheduler(thread, BatchPolicy, 0) != 0) LogRefused(logger, Marshal.GetLastPInvokeErrorMessage());
    }

    private static IEnumerable<int> Find() =>
        Directory.EnumerateDirectories("/proc/self/task").Where(thread => NameOf(thread) == Name).Select(thread => int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture));

    private static string? NameOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    // The priority is a structure of one integer; this policy knows only 0.
    [DllImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static extern int SetScheduler(int thread, int policy, in int priority);

    // A sandbox may forbid it; then everything works as it did.
    [LoggerMessage(1022, LogLevel.Information, "The threads that wait for sockets keep their scheduling policy: {Error}. Under load that costs some throughput")]
    private static partial void LogRefused(ILogger logger, string error);
}
