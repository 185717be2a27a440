using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.Sdk;

/// <summary>One way at one number of callers in one round.</summary>
/// <param name="DrainSeconds">How long after the last order its message was committed at the coordinator.</param>
internal sealed record SdkMeasurement(string Way, int Callers, int Round, long Orders, double OrdersPerSecond, LatencySummary Latency, double DrainSeconds);
