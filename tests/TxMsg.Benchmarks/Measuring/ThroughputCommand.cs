using TxMsg.Benchmarks.CommandLine;

namespace TxMsg.Benchmarks.Measuring;

internal sealed class ThroughputCommand(ThroughputOptions options)
{
    public int Run(CancellationToken stop) => throw new NotSupportedException(options.ToString() + stop);
}
