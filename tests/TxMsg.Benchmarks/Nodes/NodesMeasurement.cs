using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.Nodes;

/// <param name="NodesCpuSeconds">What all nodes used together.</param>
internal sealed record NodesMeasurement(int Nodes, int Connections, int Round, DriveResult Drive, double NodesCpuSeconds);
