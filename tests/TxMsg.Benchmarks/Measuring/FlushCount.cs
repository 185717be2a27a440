namespace TxMsg.Benchmarks.Measuring;

internal sealed record FlushCount(string Driver, string Server, int Connections, double FlushesPerTransaction);
