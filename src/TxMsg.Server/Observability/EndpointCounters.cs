namespace TxMsg.Server.Observability;

/// <summary>What this node has seen of one endpoint since it began. A success costs an atomic addition and a write.</summary>
public sealed class EndpointCounters
{
    private long attempts;
    private long failures;
    private long lastSuccessAt;
    private volatile EndpointFailure? lastFailure;

    /// <summary>How many attempts there were.</summary>
    public long Attempts => Volatile.Read(ref attempts);

    /// <summary>How many of them failed.</summary>
    public long Failures => Volatile.Read(ref failures);

    /// <summary>When one last succeeded, in Unix milliseconds; null: never.</summary>
    public long? LastSuccessAt => Volatile.Read(ref lastSuccessAt) is var at and > 0 ? at : null;

    /// <summary>The last failure, if there was one.</summary>
    public EndpointFailure? LastFailure => lastFailure;

    /// <summary>An attempt succeeded.</summary>
    public void Succeeded(DateTimeOffset now)
    {
        Volatile.Write(ref lastSuccessAt, now.ToUnixTimeMilliseconds());
        Interlocked.Increment(ref attempts);
    }

    /// <summary>An attempt failed.</summary>
    public void Failed(DateTimeOffset now, int? status, string? error)
    {
        lastFailure = new EndpointFailure(now.ToUnixTimeMilliseconds(), status, error);
        // In this order, and read in the other: never more failures than attempts.
        Interlocked.Increment(ref attempts);
        Interlocked.Increment(ref failures);
    }
}

/// <summary>A failed attempt.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Status">The HTTP status, if there was an answer.</param>
/// <param name="Error">What went wrong.</param>
public sealed record EndpointFailure(long At, int? Status, string? Error);
