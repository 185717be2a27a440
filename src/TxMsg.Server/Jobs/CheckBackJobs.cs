using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.Options;
using TxMsg.Server.CheckBacks;

namespace TxMsg.Server.Jobs;

/// <summary>Jobs that ask producers.</summary>
public sealed class CheckBackJobs(
    ProducerCheckBackJob producers, CheckBackRunner runner, CheckBackWorkers workers, IOptions<CheckBackOptions> options)
{
    // Of those that were asked for by hand: a thousand of them must not be as many connections to a producer that hangs.
    private readonly ConcurrentDictionary<long, SemaphoreSlim> slots = new();

    /// <summary>Asks about a producer's overdue half messages until none is left.</summary>
    [DisplayName("Check back producer {0}")]
    public Task<string> CheckBackProducerAsync(long producerId, long token, CancellationToken cancellationToken) => workers.RunAsync(
        async ending => (await producers.RunAsync(producerId, token, ending)).ToString(CultureInfo.InvariantCulture), cancellationToken);

    /// <summary>Asks about one message, by hand.</summary>
    [DisplayName("Check back one message by hand")]
    public Task<string> CheckBackMessageAsync(OverdueMessage message, CancellationToken cancellationToken) =>
        workers.RunAsync(ending => AskAsync(message, ending), cancellationToken);

    private async Task<string> AskAsync(OverdueMessage message, CancellationToken cancellationToken)
    {
        var slot = slots.GetOrAdd(message.ProducerId, _ => new SemaphoreSlim(options.Value.MaxConcurrencyPerProducer));
        await slot.WaitAsync(cancellationToken);
        try
        {
            return (await runner.RunAsync(message, cancellationToken)).ToWire();
        }
        finally
        {
            slot.Release();
        }
    }
}
