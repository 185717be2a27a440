using System.Globalization;
using System.Runtime.InteropServices;

namespace TxMsg.Benchmarks.Reporting;

/// <summary>What the numbers were measured on.</summary>
internal sealed record Machine(string Processor, int Cores, string System, string Runtime, string FileSystem, string Build, DateTimeOffset At)
{
#if DEBUG
    private const string BuildName = "Debug: these numbers mean nothing";
#else
    private const string BuildName = "Release";
#endif

    public static Machine Describe(string fileSystem) => new(
        ProcessorName(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        fileSystem, BuildName, DateTimeOffset.UtcNow);

    /// <summary>As it stands under a report's title, without a full stop.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Cores} cores, {System}, {Runtime}, {FileSystem}, {Build}, {At:u}");

    private static string ProcessorName()
    {
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
