namespace TxMsg.Benchmarks.CommandLine;

/// <param name="Port">The loopback port to listen on.</param>
/// <param name="PayloadBytes">The size of the constant payload that every delivery carries.</param>
/// <param name="Concurrency">Deliveries in flight at once; the real server's default for one subscription is 16.</param>
/// <param name="Batch">Whether the threads that wait for sockets are scheduled as the real server's.</param>
internal sealed record NoOpOptions(int Port, int PayloadBytes, int Concurrency, bool Batch)
{
    public static NoOpOptions From(Arguments arguments)
    {
        arguments.Allow("port", "payload", "concurrency", "batch");
        return new NoOpOptions(
            arguments.Number("port", 5081, 1, 65_535),
            arguments.Number("payload", 512, 1, ThroughputOptions.MostPayloadBytes),
            arguments.Number("concurrency", 16, 1, 1024),
            arguments.Has("batch"));
    }
}
