namespace TxMsg.Benchmarks.Processes;

/// <summary>Where the stores of a run lie: on a real disk, and gone afterwards.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private static readonly string[] InMemory = ["tmpfs", "ramfs"];

    public WorkDirectory(string parent)
    {
        FullPath = Directory.CreateDirectory(Path.Combine(parent, $"run-{Environment.ProcessId}")).FullName;
        Format = new DriveInfo(FullPath).DriveFormat;
        if (InMemory.Contains(Format))
            throw new BenchmarkFailedException($"{FullPath} is in memory ({Format}); flushing to it measures nothing. Choose another --output.");
    }

    public string FullPath { get; }

    /// <summary>The file system's name, for the report.</summary>
    public string Format { get; }

    public string For(string name) => Path.Combine(FullPath, name);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
