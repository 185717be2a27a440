namespace TxMsg.Benchmarks.Processes;

/// <summary>What /proc says about a process at an instant; all but the peak are totals since its start.</summary>
internal sealed record ProcessUsage(double CpuSeconds, long PeakRssBytes, long WrittenBytes)
{
    // Fixed at 100 for user space on every Linux architecture .NET runs on.
    private const double TicksPerSecond = 100;
    private const int UserTicksField = 11;

    public static ProcessUsage Of(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The command's name may contain spaces; the fields after it are counted from its closing parenthesis.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[UserTicksField]) + long.Parse(fields[UserTicksField + 1]);
        return new ProcessUsage(
            ticks / TicksPerSecond,
            Field($"/proc/{processId}/status", "VmHWM:") * 1024,
            Field($"/proc/{processId}/io", "write_bytes:"));
    }

    /// <summary>What is resident at this instant.</summary>
    public static long RssBytes(int processId) => Field($"/proc/{processId}/status", "VmRSS:") * 1024;

    /// <summary>Files and sockets that are open at this instant.</summary>
    public static int Handles(int processId) => Directory.GetFiles($"/proc/{processId}/fd").Length;

    private static long Field(string file, string name)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "").Trim());
    }
}
