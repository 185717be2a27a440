using System.Diagnostics;
using TxMsg.Benchmarks.Sockets;

namespace TxMsg.Benchmarks.Measuring;

/// <summary>What the disk itself takes to make 4 KiB durable at the end of a file: the least a durable answer can cost.</summary>
internal static class AppendFlushProbe
{
    private const int BlockBytes = 4096;
    private const int Samples = 300;

    public static IReadOnlyList<double> Milliseconds(string directory)
    {
        var path = Path.Combine(directory, "append-flush.probe");
        var block = new byte[BlockBytes];
        Random.Shared.NextBytes(block);
        var samples = new List<double>(Samples);
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            var descriptor = (int)file.DangerousGetHandle();
            for (var i = 0; i < Samples; i++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)i * BlockBytes);
                if (LibC.FlushData(descriptor) != 0)
                    throw new BenchmarkFailedException($"fdatasync failed in {directory}.");
                samples.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        File.Delete(path);
        return samples;
    }
}
