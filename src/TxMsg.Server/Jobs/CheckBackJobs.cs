using System.ComponentModel;
using System.Globalization;
using TxMsg.Server.CheckBacks;

namespace TxMsg.Server.Jobs;

/// <summary>Jobs that ask producers.</summary>
public sealed class CheckBackJobs(ProducerCheckBackJob producers, CheckBackWorkers workers)
{
    /// <summary>Asks about a producer's overdue half messages until none is left.</summary>
    [DisplayName("Check back producer {0}")]
    public Task<string> CheckBackProducerAsync(long producerId, long token, CancellationToken cancellationToken) => workers.RunAsync(
        async ending => (await producers.RunAsync(producerId, token, ending)).ToString(CultureInfo.InvariantCulture), cancellationToken);
}
