using Microsoft.Extensions.Options;
using TxMsg.Server.Observability;

namespace TxMsg.Server.CheckBacks;

/// <summary>The questions that somebody asked for and that have no answer yet: one about each message, on this node. They are no jobs: those of
/// the producers never wait for them, and one producer's never wait for another's. Losing them loses time: claims expire.</summary>
public sealed partial class QuestionsByHand(
    CheckBackRunner runner, IOptions<CheckBackOptions> options, TimeProvider time, ILogger<QuestionsByHand> logger, IHostApplicationLifetime? lifetime = null) : IHostedService
{
    /// <summary>Most of a node, under way or waiting.</summary>
    public const int MostOfNode = 4_096;

    // For each that is under way one may wait for it: that takes at most one timeout, so what waits is asked within its claim.
    private const int PlacesOfASlot = 2;

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Question> open = [];
    private readonly Dictionary<long, Line> lines = [];
    private readonly LogThrottle broken = new(LogThrottle.OfFailures, time);
    private readonly CancellationToken stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;

    /// <summary>How many have no answer yet.</summary>
    public int Count
    {
        get
        {
            lock (gate) return open.Count;
        }
    }

    /// <summary>Asks, unless an earlier call's question about the message has no answer yet: then this call joins that one, and is told what it was told.</summary>
    /// <param name="id">The message.</param>
    /// <param name="producerId">Whose it is.</param>
    /// <param name="claim">Claims the message, once there is room; null when it is not undecided any more.</param>
    public Task<ManualCheckBackOutcome> AskAsync(Guid id, long producerId, Func<Task<OverdueMessage?>> claim)
    {
        Question question;
        lock (gate)
        {
            if (open.TryGetValue(id, out var asked)) return asked.Started.Task;
            if (!lines.TryGetValue(producerId, out var line)) line = new Line(producerId, new SemaphoreSlim(options.Value.MaxConcurrencyPerProducer));
            if (stopping.IsCancellationRequested || open.Count >= MostOfNode || line.Count >= PlacesOfASlot * options.Value.MaxConcurrencyPerProducer)
                return Task.FromResult(ManualCheckBackOutcome.Full);
            lines[producerId] = line;
            line.Count++;
            open[id] = question = new Question(id, line);
        }

        return StartAsync(question, claim);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for what is under way; the stopping of the server has ended it.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] asking;
        lock (gate) asking = [.. open.Values.Select(question => question.Asking)];
        return Task.WhenAll(asking).WaitAsync(cancellationToken);
    }

    private async Task<ManualCheckBackOutcome> StartAsync(Question question, Func<Task<OverdueMessage?>> claim)
    {
        OverdueMessage? message = null;
        try
        {
            message = await claim();
            if (message is not null) question.Asking = AskAsync(question, message);
            question.Started.SetResult(message is null ? ManualCheckBackOutcome.Decided : ManualCheckBackOutcome.Asked);
        }
#pragma warning disable CA1031 // Whatever it was, this call and those that joined it are told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            question.Started.SetException(exception);
        }
        finally
        {
            if (message is null) Remove(question);
        }

        return await question.Started.Task;
    }

    private async Task AskAsync(Question question, OverdueMessage message)
    {
        var isMine = false;
        try
        {
            await question.Line.Slots.WaitAsync(stopping);
            isMine = true;
            await runner.RunAsync(message, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops; the claim expires.
        }
#pragma warning disable CA1031 // Nobody waits for it: what is not logged here would never be seen.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (broken.TryTake(out var count)) LogBroken(count, message.MessageId, exception);
        }
        finally
        {
            if (isMine) question.Line.Slots.Release();
            Remove(question);
        }
    }

    private void Remove(Question question)
    {
        lock (gate)
        {
            open.Remove(question.Id);
            if (--question.Line.Count == 0) lines.Remove(question.Line.ProducerId);
        }
    }

    [LoggerMessage(2013, LogLevel.Error, "Check-backs by hand that broke off: {Count}, the last of message {MessageId}; a half message is asked about again when its claim expires")]
    private partial void LogBroken(int count, Guid messageId, Exception exception);

    private sealed class Line(long producerId, SemaphoreSlim slots)
    {
        public long ProducerId { get; } = producerId;

        public SemaphoreSlim Slots { get; } = slots;

        /// <summary>How many are under way or wait.</summary>
        public int Count { get; set; }
    }

    private sealed class Question(Guid id, Line line)
    {
        public Guid Id { get; } = id;

        public Line Line { get; } = line;

        public TaskCompletionSource<ManualCheckBackOutcome> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asking { get; set; } = Task.CompletedTask;
    }
}
