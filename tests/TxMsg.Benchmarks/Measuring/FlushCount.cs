namespace TxMsg.Benchmarks.Measuring;

internal sealed record FlushCount(string Server, int Connections, double FlushesPerTransaction);
