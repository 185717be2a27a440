using TxMsg.Contracts.Operations;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Http;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.BulkActions;

/// <summary>What tests do with bulk actions: ask for them, and be the job that works them off.</summary>
public abstract class BulkFixture(StoreProvider provider) : StoreFixture(provider)
{
    // One of another test that still waits would take a place, and its job would be found first.
    [SetUp]
    public async Task EndAll()
    {
        Node.Get<RecordedBulkJobs>().Queue.Clear();
        foreach (var row in (await Node.Get<BulkActionStore>().ListAsync(long.MaxValue, 100, CancellationToken.None)).Where(row => !row.ActionState.IsFinal()))
            await Node.Get<BulkActionStore>().CancelAsync(row, "test", null, Time.Milliseconds);
    }

    protected async Task<BulkActionRow> StartAsync(string kind, BulkActionFilter filter, int perSecond = 1000) =>
        (await StartAsync(Plan(kind, filter, perSecond)))!;

    protected Task<BulkActionRow?> StartAsync(BulkActionPlan plan) =>
        Node.Get<BulkActionService>().StartAsync(plan, "ann", "because", CancellationToken.None);

    protected Task<BulkActionCount> CountAsync(BulkActionPlan plan) => Node.Get<BulkActionService>().CountAsync(plan, CancellationToken.None);

    protected BulkActionPlan Plan(string kind, BulkActionFilter filter, int? perSecond = null)
    {
        var errors = new FieldErrors();
        var request = new BulkActionRequest { Kind = kind, Filter = filter, Reason = "because", PerSecond = perSecond };
        var plan = BulkActionRules.Check(request, Node.Registry.Current, needsReason: true, errors);
        errors.IsEmpty.Should().BeTrue(errors.ToString());
        return plan!;
    }

    protected (long Seq, long Token) TakeJob(Node? node = null)
    {
        (node ?? Node).Get<RecordedBulkJobs>().Queue.TryDequeue(out var job).Should().BeTrue("a job was expected");
        return (job.Seq, job.Token);
    }

    /// <summary>Works off the action that was asked for last; time passes as the job waits for it.</summary>
    protected async Task<BulkRun> WorkOffAsync()
    {
        var (seq, token) = TakeJob();
        return (await PassTimeAsync(Node.Get<BulkActionRunner>().RunAsync(seq, token, null, CancellationToken.None)))!;
    }

    protected async Task<T> PassTimeAsync<T>(Task<T> work)
    {
        while (await Task.WhenAny(work, Task.Delay(2)) != work) Time.Advance(TimeSpan.FromMilliseconds(100));
        return await work;
    }

    protected async Task<BulkActionRow> RowAsync(BulkActionRow row) => (await Node.Get<BulkActionStore>().FindAsync(row.ActionId, CancellationToken.None))!;

    /// <summary>Dead letters of a new subscription, each with its own error.</summary>
    protected async Task<(Subscription Subscription, IReadOnlyList<Guid> Ids)> KillAsync(int count, Func<int, string>? error = null, Func<int, int>? status = null, bool ordered = false)
    {
        var producer = await Node.RegisterProducerAsync();
        var topic = NodeActions.Unique("topic");
        var subscription = await Node.SubscribeAsync(topic, ordered);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Node.PrepareAsync(Messages.New(producer, topic, committed: true), Time)));
        var claimed = await Node.ClaimAsync(subscription, Time, 2000);
        await Task.WhenAll(claimed.Select((delivery, place) => DieAsync(delivery, error?.Invoke(place) ?? "the receiver answered 500", status?.Invoke(place) ?? 500)));
        // What happens from now on happens later.
        Time.Advance(TimeSpan.FromMilliseconds(100));
        return (subscription, claimed.OrderBy(delivery => delivery.Id).Select(delivery => delivery.MessageId).ToArray());
    }

    protected Task<bool> DieAsync(LeasedDelivery delivery, string error, int status = 500) => Node.Committer.WriteAsync(new DeliveryResult(delivery, DeliveryEvent.DeadLetter)
    {
        DueAt = Time.Milliseconds,
        Attempt = new DeliveryAttempt(delivery.Attempts + 1, Time.Milliseconds, "http://127.0.0.1:9/", "refused", status, 7, error),
    });

    protected async Task<Guid> PrepareAsync(Producer producer, string topic, bool parked = false)
    {
        var operation = await Node.PrepareAsync(Messages.New(producer, topic), Time);
        if (parked) await ParkAsync(operation.Message.Id);
        return operation.Message.Id;
    }

    /// <summary>How often each of these was redelivered, decided and so on by a person.</summary>
    protected async Task<IReadOnlyList<int>> ActionsOnAsync(IEnumerable<Guid> ids)
    {
        var counts = new List<int>();
        foreach (var id in ids)
        {
            var row = (await Node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))!;
            var events = (await Node.Get<TimelineReader>().ReadAsync(row, CancellationToken.None)).Events.Where(entry => entry.Kind == "operatorAction").ToArray();
            events.Where(entry => entry.By != "ann" || entry.Reason != "because").Should().BeEmpty();
            counts.Add(events.Length);
        }

        return counts;
    }

    private async Task ParkAsync(Guid id)
    {
        var message = (await Node.Get<ManualCheckBack>().ClaimAsync(id, "ann", "because"))!;
        await Node.Committer.WriteAsync(new CheckBackRecord(message)
        {
            Answer = CheckBackAnswer.Unknown, State = MessageState.Parked, At = Time.Milliseconds, Url = "http://127.0.0.1:9/", LatencyMs = 1,
        });
    }
}
