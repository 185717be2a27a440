using TxMsg.Contracts.Operations;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Observability.History;

/// <summary>Reads what all nodes counted, step by step. Many tabs that ask for the same share a read, and its result for some seconds.</summary>
public sealed class HistoryReader
{
    private const int MostKept = 32;

    // A twentieth of a step: three seconds of a minute, half a minute of ten, for which a week is read.
    private const int PartOfStep = 20;
    private const int LongestKept = 10;

    private readonly SharedReads<HistoryQuery, StatsHistory> reads;
    private readonly StoreDatabase database;
    private readonly TimeProvider time;

    /// <summary>Reads nothing yet.</summary>
    public HistoryReader(StoreDatabase database, TimeProvider time)
    {
        (this.database, this.time) = (database, time);
        reads = new SharedReads<HistoryQuery, StatsHistory>(ReadNowAsync, query => TimeSpan.FromMinutes(Math.Min(query.StepMinutes, LongestKept)) / PartOfStep, MostKept, time);
    }

    /// <summary>The history, up to the step that is under way.</summary>
    public Task<StatsHistory> ReadAsync(HistoryQuery query, CancellationToken cancellationToken) => reads.GetAsync(query, cancellationToken);

    private async Task<StatsHistory> ReadNowAsync(HistoryQuery query)
    {
        var step = query.StepMinutes * 60_000L;
        var to = (time.GetUtcNow().ToUnixTimeMilliseconds() / step * step) + step;
        var from = to - (query.Points * step);
        var rows = await database.ReadAsync(connection => connection.QueryAsync<MinuteRow>("ListMinuteStats", new { from, to }));
        var counts = new MinuteCounts?[query.Points];
        foreach (var row in rows) row.AddTo(counts[(row.MinuteAt - from) / step] ??= new MinuteCounts());
        return new StatsHistory
        {
            StepSeconds = query.StepMinutes * 60,
            Points = counts.Select((count, i) => ToPoint(from + (i * step), count)).ToArray(),
        };
    }

    private static StatsPoint ToPoint(long at, MinuteCounts? counts) => new()
    {
        At = DateTimeOffset.FromUnixTimeMilliseconds(at),
        Prepared = counts?[Total.Prepared] ?? 0,
        Committed = counts?[Total.Committed] ?? 0,
        RolledBack = counts?[Total.RolledBack] ?? 0,
        Delivered = counts?[Total.Delivered] ?? 0,
        Failed = counts?[Total.Failed] ?? 0,
        DeadLettered = counts?[Total.DeadLettered] ?? 0,
        CommitToDeliveredP50Seconds = counts is null ? null : LatencyBuckets.QuantileSeconds(counts.Latencies, 0.5),
        CommitToDeliveredP99Seconds = counts is null ? null : LatencyBuckets.QuantileSeconds(counts.Latencies, 0.99),
    };
}
