using Microsoft.Extensions.Options;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage;

namespace TxMsg.Server.CheckBacks;

/// <summary>Asks about one producer's overdue half messages until none is left: as fast as the producer answers, many at once.</summary>
public sealed partial class ProducerCheckBackJob(
    StoreDatabase database, CheckBackJobLeases leases, CheckBackRunner runner, ProducerBreaker breaker,
    IOptions<CheckBackOptions> options, TimeProvider time, ILogger<ProducerCheckBackJob> logger)
{
    // Each claim is a transaction of its own: a producer that answers at once must not wait for one every few milliseconds.
    private const int MostClaimed = 1024;

    // A claim that took less than this share of a timeout to begin may be twice as large: should the producer become slow, the rest still
    // begins within its lease, or the breaker gives it back.
    private const int QuickShare = 16;

    private readonly LogThrottle broken = new(LogThrottle.OfFailures, time);

    /// <summary>Runs to the end of the backlog, the opening of the breaker, or the loss of the job's lease; returns how many it asked about.</summary>
    public async Task<int> RunAsync(long producerId, long token, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(options.Value.MaxConcurrencyPerProducer);
        var running = new List<Task>();
        var (asked, limit) = (0, options.Value.MaxConcurrencyPerProducer);
        try
        {
            while (!cancellationToken.IsCancellationRequested && !breaker.IsOpen(producerId) && await leases.RenewAsync(producerId, token))
            {
                // One alone tries whether the producer is back; once it has answered, all may go.
                var until = time.GetUtcNow() + CheckBackSchedule.Lease(options.Value);
                var claimed = await ClaimAsync(producerId, breaker.IsHalfOpen(producerId) ? 1 : limit, until);
                if (claimed.Count == 0) break;
                var began = time.GetTimestamp();
                foreach (var message in claimed)
                {
                    await slots.WaitAsync(CancellationToken.None);
                    running.Add(AskAsync(message, until, slots, cancellationToken));
                    asked++;
                }

                if (breaker.IsHalfOpen(producerId)) await Task.WhenAll(running);
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                limit = NextLimit(limit, time.GetElapsedTime(began));
            }
        }
        finally
        {
            await Task.WhenAll(running);
            await leases.ReleaseAsync(producerId, token);
        }

        return asked;
    }

    private int NextLimit(int limit, TimeSpan took)
    {
        var least = options.Value.MaxConcurrencyPerProducer;
        return took < options.Value.Timeout / QuickShare ? Math.Max(least, Math.Min(2 * limit, MostClaimed)) : least;
    }

    private async Task AskAsync(OverdueMessage message, DateTimeOffset claimedUntil, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            // The process was stopped for long, say: it is claimed by another by now, or will be, and asked about there.
            if (time.GetUtcNow() >= claimedUntil) return;
            if (cancellationToken.IsCancellationRequested || breaker.IsOpen(message.ProducerId)) await ReleaseAsync(message);
            else await runner.RunAsync(message, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(message);
        }
#pragma warning disable CA1031 // One message must not end the job of the others; its claim expires and it is asked about again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (broken.TryTake(out var count)) LogCheckBackBroken(count, message.MessageId, exception);
        }
        finally
        {
            slots.Release();
        }
    }

    private Task<IReadOnlyList<OverdueMessage>> ClaimAsync(long producerId, int limit, DateTimeOffset until)
    {
        var parameters = new
        {
            producerId,
            limit,
            now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            leasedUntil = until.ToUnixTimeMilliseconds(),
            token = Deliveries.LeaseToken.New(),
        };
        return database.WriteAsync(connection => connection.QueryAsync<OverdueMessage>("ClaimOverdueMessages", parameters), CancellationToken.None);
    }

    private Task ReleaseAsync(OverdueMessage message)
    {
        var now = time.GetUtcNow();
        var openUntil = breaker.OpenUntil(message.ProducerId);
        var dueAt = (openUntil > now ? openUntil : now).ToUnixTimeMilliseconds();
        return database.WriteAsync(connection => connection.ExecuteAsync("ReleaseCheckBack", new { seq = message.Seq, token = message.CheckBackToken, dueAt }));
    }

    [LoggerMessage(2010, LogLevel.Error, "Check-backs that broke off: {Count}, the last of message {MessageId}; each message is asked about again when its claim expires")]
    private partial void LogCheckBackBroken(int count, Guid messageId, Exception exception);
}
