namespace TxMsg.Benchmarks;

/// <summary>The run is worthless: a wrong status, a lost or doubled delivery, a server that does not start.</summary>
public sealed class BenchmarkFailedException(string message) : Exception(message);
