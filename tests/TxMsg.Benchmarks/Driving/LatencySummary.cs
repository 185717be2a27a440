namespace TxMsg.Benchmarks.Driving;

internal sealed record LatencySummary(double P50Milliseconds, double P99Milliseconds, double MaxMilliseconds);
