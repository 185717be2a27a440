using System.ComponentModel;
using TxMsg.Server.CheckBacks;

namespace TxMsg.Server.Jobs;

/// <summary>Jobs that ask producers.</summary>
public sealed class CheckBackJobs(ProducerCheckBackJob producers, CheckBackRunner runner, ProducerBreaker breaker)
{
    /// <summary>Asks about a producer's overdue half messages until none is left.</summary>
    [DisplayName("Check back producer {0}")]
    public Task<int> CheckBackProducerAsync(long producerId, long token, CancellationToken cancellationToken) =>
        producers.RunAsync(producerId, token, cancellationToken);

    /// <summary>Asks about one message, by hand.</summary>
    [DisplayName("Check back one message by hand")]
    public async Task<string> CheckBackMessageAsync(OverdueMessage message, CancellationToken cancellationToken)
    {
        var answer = await runner.RunAsync(message, cancellationToken);
        breaker.Note(message.ProducerId, answer);
        return answer.ToWire();
    }
}
