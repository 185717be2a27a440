using System.Data.Common;
using TxMsg.Client.Consuming;

namespace TxMsg.Client.Tests.Consuming;

/// <summary>Runs one history on a real database, and says what was wrong with it.</summary>
internal sealed class InboxHistory(ConsumerDatabase database, Consumer[] consumers, Ending[] endings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SignedDelivery delivery = new();
    private readonly List<Handling> underWay = [];
    private readonly List<int> statuses = [];
    private int arrived;
    private int finalCalls;

    /// <returns>Null if the work was done once, and every answer was true.</returns>
    public async Task<string?> RunAsync(int[] schedule)
    {
        var story = string.Join(' ', schedule.Select(step => step switch { HistoryModel.Arrive => "arrive", HistoryModel.Work => "work", _ => endings[step].ToString() }));
        try
        {
            foreach (var step in schedule) await TakeAsync(step).WaitAsync(Patience);
            await Task.WhenAll(underWay.Select(handling => handling.Answer)).WaitAsync(Patience);
            statuses.AddRange(underWay.Select(handling => handling.Answer.Result.Status));
            var isCommitted = schedule.Any(step => step >= 0 && endings[step] is Ending.Commit or Ending.CommitUnheard);
            return await JudgeAsync(isCommitted) is { } wrong ? $"{story} [{string.Join(' ', statuses)}]: {wrong}" : null;
        }
        catch (TimeoutException)
        {
            return $"{story}: a step did not happen";
        }
    }

    private Handling? Holder => underWay.SingleOrDefault(handling => handling.IsEntered && !handling.Answer.IsCompleted);

    private async Task TakeAsync(int step)
    {
        var holder = Holder;
        if (step == HistoryModel.Arrive)
        {
            underWay.Add(new Handling(consumers[arrived++], delivery));
            if (holder is null) await SettleAsync();
        }
        else if (step == HistoryModel.Work)
        {
            holder!.MayWork.SetResult();
            await holder.Worked;
        }
        else
        {
            holder!.MayEnd.SetResult(endings[step]);
            await holder.Answer;
            await SettleAsync();
        }
    }

    // Until one is being handled, or all that arrived are answered.
    private async Task SettleAsync()
    {
        var open = underWay.Where(handling => !handling.Answer.IsCompleted).ToArray();
        await Task.WhenAny([Task.WhenAll(open.Select(handling => handling.Answer)), .. open.Select(handling => handling.Entered)]);
    }

    private async Task<string?> JudgeAsync(bool isCommitted)
    {
        if (statuses.Contains(204) && !isCommitted) return "acknowledged without a commit";
        if (statuses.Contains(503)) return "gave up waiting";
        // The coordinator delivers until it is acknowledged.
        var answer = await consumers[0].ReceiveAsync(delivery.ToRequest(), async (message, transaction, _) =>
        {
            finalCalls++;
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            return HandlingResult.Acknowledge;
        }).WaitAsync(Patience);
        if (answer.Status != 204) return $"the redelivery was answered {answer.Status}";
        if (finalCalls != (isCommitted ? 0 : 1)) return $"the redelivery called the handler {finalCalls} times";
        var work = await database.CountWorkAsync(delivery.Id);
        return work == 1 ? null : $"the work was done {work} times";
    }

    /// <summary>One delivery on its way through the consumer; its handler waits to be told.</summary>
    private sealed class Handling
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource worked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // A thread of its own: SQLite's calls block it.
        public Handling(Consumer consumer, SignedDelivery delivery) =>
            Answer = Task.Factory.StartNew(() => consumer.ReceiveAsync(delivery.ToRequest(), HandleAsync), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

        public Task<DeliveryAnswer> Answer { get; }

        public TaskCompletionSource MayWork { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<Ending> MayEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => entered.Task;

        public Task Worked => worked.Task;

        public bool IsEntered => entered.Task.IsCompleted;

        private async Task<HandlingResult> HandleAsync(ReceivedMessage message, DbTransaction transaction, CancellationToken cancellationToken)
        {
            entered.SetResult();
            await MayWork.Task;
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            worked.SetResult();
            var ending = await MayEnd.Task;
            if (ending == Ending.Throw) throw new InvalidOperationException("the handler fails");
            if (ending == Ending.Crash) await transaction.Connection!.CloseAsync();
            if (ending == Ending.CommitUnheard) await transaction.CommitAsync(CancellationToken.None);
            return ending switch
            {
                Ending.Retry => HandlingResult.Retry(),
                Ending.Reject => HandlingResult.Reject("no"),
                _ => HandlingResult.Acknowledge,
            };
        }
    }
}
