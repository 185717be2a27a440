using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Local;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>Sends what stands in the local message table to the coordinator, in the background. Any number of relays may work on one database.
/// <para>A crash between the coordinator's answer and the mark means that a message is sent again with the same id when the lease is over, which
/// the coordinator answers as the first time.</para></summary>
public sealed partial class LocalMessageRelay : BackgroundService
{
    // Enqueued comes before committed: after a signal the relay looks a few times, ever more rarely.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(1);
    private const int PurgeBatch = 500;

    private readonly LocalMessageTable table;
    private readonly LocalMessageOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<LocalMessageRelay> logger;
    private readonly LocalMessageStore store;
    private readonly LocalMessageSender sender;
    private readonly LocalMessageMetrics metrics;
    private readonly Backoff backoff;
    private readonly ClaimPace pace;
    private bool tableIsThere;
    private bool isOverdue;
    private int failedPasses;
    private bool isUnavailable;
    private DateTimeOffset watchAt;
    private DateTimeOffset purgeAt;

    /// <summary>Makes a relay; it does nothing before it is started.</summary>
    /// <param name="table">Its signals wake the relay.</param>
    /// <param name="client">The coordinator.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="meters">Makes the meter; without one the relay makes its own.</param>
    public LocalMessageRelay(
        LocalMessageTable table, ICoordinatorClient client, IOptions<LocalMessageOptions> options, TimeProvider time, ILogger<LocalMessageRelay> logger, IMeterFactory? meters = null)
    {
        this.table = table;
        this.options = options.Value;
        this.time = time;
        this.logger = logger;
        store = new LocalMessageStore(this.options.Connection ?? throw new ArgumentException("Connection is missing.", nameof(options)), this.options.Producer, time);
        sender = new LocalMessageSender(client, this.options.Producer, time);
        metrics = new LocalMessageMetrics(meters, time);
        backoff = new Backoff(this.options.MinBackoff, this.options.MaxBackoff);
        pace = new ClaimPace(this.options.BatchSize, backoff);
    }

    /// <summary>Makes the table, so that the service may enqueue from its first request on; if the database cannot be reached just now, the relay
    /// makes it when it can.</summary>
    /// <param name="cancellationToken">Ends it early.</param>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EnsureTableAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbException exception)
        {
            LogPassFailed(exception, TimeSpan.Zero);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        metrics.Dispose();
        base.Dispose();
    }

    /// <summary>One claim, sent and settled, with what else is due.</summary>
    internal async Task<PassResult> RunOnceAsync(CancellationToken cancellationToken)
    {
        await EnsureTableAsync(cancellationToken).ConfigureAwait(false);
        var claim = await store.ClaimAsync(pace, options.Lease, cancellationToken).ConfigureAwait(false);
        var result = claim is null ? PassResult.Nothing : await RelayAsync(claim, cancellationToken).ConfigureAwait(false);
        if (time.GetUtcNow() >= watchAt) await WatchAsync(cancellationToken).ConfigureAwait(false);
        if (time.GetUtcNow() >= purgeAt) await PurgeAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whoever started the service is not whom the messages come from.
        Activity.Current = null;
        var look = options.PollInterval;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await TryRunOnceAsync(stoppingToken).ConfigureAwait(false) is { } wait)
            {
                if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            if (await table.Signal.WaitAsync(look, time, stoppingToken).ConfigureAwait(false)) look = FirstLook;
            else look = look * 2 < options.PollInterval ? look * 2 : options.PollInterval;
        }
    }

    // How long to wait whatever happens; null when there is nothing to do until a signal.
    private async Task<TimeSpan?> TryRunOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            var result = await RunOnceAsync(stoppingToken).ConfigureAwait(false);
            if (result.IsUnavailable) return backoff.After(++failedPasses);
            // A pass may have had nothing to claim but what waits alone: the coordinator may still be away.
            if (!isUnavailable) failedPasses = 0;
            return result.Claimed > 0 ? TimeSpan.Zero : null;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            var wait = backoff.After(++failedPasses);
            if (exception is DbException error && DbErrors.IsLocked(error)) LogLocked(exception, wait);
            else LogPassFailed(exception, wait);
            return wait;
        }
    }

    private async Task EnsureTableAsync(CancellationToken cancellationToken)
    {
        if (tableIsThere) return;
        await using var connection = await store.OpenAsync(cancellationToken).ConfigureAwait(false);
        await table.CreateTableAsync(connection, cancellationToken).ConfigureAwait(false);
        tableIsThere = true;
    }

    private async Task<PassResult> RelayAsync(LocalMessageClaim claim, CancellationToken cancellationToken)
    {
        await sender.SendAsync(claim, cancellationToken).ConfigureAwait(false);
        var wait = pace.Note(claim, failedPasses + 1);
        // What is known now is written down even if the service stops: else it would be sent again.
        var refused = await store.SettleAsync(claim, EffectOf, wait, CancellationToken.None).ConfigureAwait(false);
        metrics.Count(claim.Messages);
        foreach (var message in refused) await TellRefusedAsync(message, cancellationToken).ConfigureAwait(false);
        var problem = claim.Messages.FirstOrDefault(message => message.Outcome.Kind == SendOutcomeKind.Unavailable)?.Outcome.Problem;
        TellAvailability(claim, problem);
        return new PassResult(claim.Messages.Count, claim.Messages.Count(message => message.Outcome.Kind == SendOutcomeKind.Sent), refused.Count, problem is not null);
    }

    private RefusalEffect EffectOf(ClaimedMessage message) =>
        new(message.Failures + 1 >= options.MaxFailures, backoff.After(message.Failures + 1));

    private async Task TellRefusedAsync(ClaimedMessage refused, CancellationToken cancellationToken)
    {
        var (message, failures) = (refused.Message, refused.Failures + 1);
        if (failures < options.MaxFailures)
        {
            LogRefused(message.Id, message.Topic, failures, options.MaxFailures, refused.Outcome.Problem);
            return;
        }

        LogStuck(message.Id, message.Topic, failures, refused.Outcome.Problem, message.OrderingKey);
        if (options.OnStuck is not { } tell) return;
        var stuck = new StuckLocalMessage(
            message.Id, message.Topic, message.Key, message.OrderingKey, refused.EnqueuedAt, failures, refused.Outcome.Status, refused.Outcome.Problem);
        try
        {
            await tell(stuck, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogOnStuckFailed(exception, message.Id);
        }
    }

    private void TellAvailability(LocalMessageClaim claim, string? problem)
    {
        if (problem is not null && !isUnavailable) LogUnavailable(claim.Messages.Count, problem);
        if (problem is null && isUnavailable) LogAvailable();
        isUnavailable = problem is not null;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var stats = await store.ReadStatsAsync(cancellationToken).ConfigureAwait(false);
        metrics.Show(stats);
        var wasOverdue = isOverdue;
        isOverdue = stats.OldestAt is { } oldest && time.GetUtcNow() - oldest > options.AlarmAfter;
        if (isOverdue && !wasOverdue) LogOverdue(stats.OldestAt!.Value, stats.Unsent);
        if (!isOverdue && wasOverdue) LogOverdueCleared();
        watchAt = time.GetUtcNow() + WatchInterval;
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        var purged = await store.PurgeAsync(options.SentRetention, PurgeBatch, cancellationToken).ConfigureAwait(false);
        if (purged > 0) LogPurged(purged);
        // A full batch may have left something: the next pass goes on, between messages.
        if (purged < PurgeBatch) purgeAt = time.GetUtcNow() + PurgeInterval;
    }
}

/// <summary>What a pass of the relay came to, in messages.</summary>
internal readonly record struct PassResult(int Claimed, int Sent, int Refused, bool IsUnavailable)
{
    public static PassResult Nothing => default;
}
