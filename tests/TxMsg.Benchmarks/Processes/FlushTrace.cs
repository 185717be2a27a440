using System.Globalization;

namespace TxMsg.Benchmarks.Processes;

/// <summary>Counts the flushes of a server with strace. Only those calls stop the server, but it is slower all the same:
/// hence a run of its own.</summary>
internal static class FlushTrace
{
    private const string Calls = "trace=fsync,fdatasync";

    /// <summary>What to put before the server's command. The tracer is made a grandchild, so that the process started is the server.</summary>
    public static string[] Command(string log) => ["strace", "-D", "-f", "--seccomp-bpf", "-ttt", "-e", Calls, "-o", log];

    public static int Count(string log, DateTimeOffset from, DateTimeOffset to) => File.ReadLines(log)
        .Where(line => !line.Contains("resumed>", StringComparison.Ordinal) && line.Contains("sync(", StringComparison.Ordinal))
        .Select(StartOf)
        .Count(start => start >= from && start <= to);

    /// <summary>A line is: thread id, seconds since 1970, call.</summary>
    private static DateTimeOffset StartOf(string line)
    {
        var seconds = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries)[1];
        return DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
    }
}
