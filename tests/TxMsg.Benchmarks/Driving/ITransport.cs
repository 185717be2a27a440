namespace TxMsg.Benchmarks.Driving;

/// <summary>What differs between the drivers: how requests are sent and deliveries received.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>Where the receiver takes deliveries, from construction to disposal.</summary>
    Uri Endpoint { get; }

    /// <summary>Runs the feed's transactions over so many connections until all are answered, and returns when that was:
    /// before the connections are closed, which takes time with many of them.</summary>
    long Produce(int connections, TransactionFeed feed, CancellationToken cancellation);

    /// <summary>Receives until <paramref name="done"/>; false when <paramref name="limit"/> passed before.</summary>
    bool WaitUntil(Func<bool> done, TimeSpan limit, CancellationToken cancellation);
}
