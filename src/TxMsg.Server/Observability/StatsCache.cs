using TxMsg.Server.Storage;

namespace TxMsg.Server.Observability;

/// <summary>The stats for those who ask again and again: read once for all of them, and at most a second old.</summary>
public sealed class StatsCache(StatsReader reader, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly SharedRead<StatsSample> read = new(() => reader.ReadAsync(CancellationToken.None), KeptFor, time);

    /// <summary>The stats.</summary>
    /// <param name="fresh">Read from now on, so that what was written before is in them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<StatsSample> GetAsync(bool fresh, CancellationToken cancellationToken) => read.GetAsync(fresh, cancellationToken);
}
