using Microsoft.Extensions.Options;
using TxMsg.Server.Alerts;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.CheckBacks;

/// <summary>Parks what has waited longer than <see cref="CheckBackOptions.GiveUpAfter"/> for a producer that does not answer. While it is
/// left alone, one message at a time tries whether it is back: the others would be parked one by one, over weeks.</summary>
public sealed partial class UnansweredParker(
    StoreDatabase database, ProducerBreaker breaker, RegistryCache registry, AlertSignal alerts, IOptions<CheckBackOptions> options, TimeProvider time,
    ILogger<UnansweredParker> logger)
{
    // Of one transaction.
    private const int MaxBatch = 1_000;

    /// <summary>One sweep; returns how many messages were parked.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var parked = 0;
        foreach (var (producerId, openUntil) in breaker.Opened)
            if (registry.Current.FindProducer(producerId) is { } producer) parked += await ParkAsync(producer, openUntil, cancellationToken);
        if (parked > 0) alerts.Raise();
        return parked;
    }

    private async Task<int> ParkAsync(Producer producer, DateTimeOffset openUntil, CancellationToken cancellationToken)
    {
        var (giveUpAfter, now) = (producer.GiveUpAfter ?? options.Value.GiveUpAfter, time.GetUtcNow());
        var parameters = new
        {
            producerId = producer.Id,
            limit = MaxBatch,
            now = now.ToUnixTimeMilliseconds(),
            // What was due is put off until the producer may be asked again.
            dueBefore = (openUntil > now ? openUntil : now).ToUnixTimeMilliseconds(),
            preparedBefore = (now - giveUpAfter).ToUnixTimeMilliseconds(),
        };
        // A look costs no transaction; most sweeps find nothing.
        if (await database.ReadAsync(connection => connection.QuerySingleAsync<int>("HasUnansweredMessages", parameters), cancellationToken) == 0) return 0;
        var all = 0;
        int parked;
        do
        {
            parked = await database.WriteAsync(connection => connection.ExecuteAsync("ParkUnansweredMessages", parameters), cancellationToken);
            CoordinatorMetrics.RecordParked(parked);
            all += parked;
        }
        while (parked == MaxBatch);

        if (all > 0) LogParked(all, producer.Name, giveUpAfter);
        return all;
    }

    [LoggerMessage(2012, LogLevel.Warning, "{Count} half messages of producer {Producer} are parked, as nobody has answered for {GiveUpAfter}; they wait for a late verdict or an operator")]
    private partial void LogParked(int count, string producer, TimeSpan giveUpAfter);
}
