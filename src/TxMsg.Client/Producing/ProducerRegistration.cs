using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Producing;

/// <summary>Registers the producer at start, again and again until the coordinator takes it. The service runs meanwhile: it may be up before the coordinator is.</summary>
internal sealed partial class ProducerRegistration(
    ICoordinatorClient coordinator, IOptions<ProducerOptions> options, TimeProvider time, ILogger<ProducerRegistration> logger) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly ILogger logger = logger;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.RegisterAtStart) return;
        // Not on the thread that starts the host.
        await Task.Yield();
        for (var wait = FirstWait; !await TryAsync(stoppingToken).ConfigureAwait(false); wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(false);
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var producer = options.Value;
        try
        {
            await coordinator.RegisterProducerAsync(producer.Name, RequestOf(producer), cancellationToken).ConfigureAwait(false);
            LogRegistered(producer.Name);
            return true;
        }
        catch (CoordinatorRefusedException exception)
        {
            // It is tried again all the same: what is missing may be a key or an allowed network on the other side.
            LogRefused(producer.Name, exception);
        }
        catch (CoordinatorUnavailableException exception)
        {
            LogUnavailable(producer.Name, exception);
        }

        return false;
    }

    private static ProducerRequest RequestOf(ProducerOptions producer) => new()
    {
        CheckBackUrl = producer.CheckBackUrl!.AbsoluteUri,
        CheckBackAfterSeconds = producer.CheckBackAfter?.TotalSeconds,
        MaxUnknownAnswers = producer.MaxUnknownAnswers,
        GiveUpAfterSeconds = producer.GiveUpAfter?.TotalSeconds,
        Secret = producer.Secrets[0],
    };

    [LoggerMessage(7010, LogLevel.Information, "Producer {Producer} is registered")]
    private partial void LogRegistered(string producer);

    [LoggerMessage(7011, LogLevel.Warning, "Producer {Producer} is not registered yet: no node of the coordinator answers")]
    private partial void LogUnavailable(string producer, Exception exception);

    [LoggerMessage(7012, LogLevel.Error, "Producer {Producer} is not registered: the coordinator refuses it")]
    private partial void LogRefused(string producer, Exception exception);
}
