using TxMsg.Server.CheckBacks;
using TxMsg.Server.DeadLetters;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Histories;

/// <summary>Runs one step after the other on a store and on the model, and compares what both say.</summary>
internal sealed class History(Node node, TestClock time)
{
    private readonly Model model = new();
    private readonly Guid[] ids = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray();
    private readonly List<(int Subscription, LeasedDelivery Lease)> leases = [];
    private readonly string topic = NodeActions.Unique("history");
    private Producer producer = null!;
    private Subscription[] subscriptions = null!;

    public async Task RunAsync(IEnumerable<(int Kind, int A, int B)> steps)
    {
        producer = await node.RegisterProducerAsync();
        subscriptions = [await node.SubscribeAsync(topic), await node.SubscribeAsync(topic, ordered: true)];
        foreach (var (kind, a, b) in steps) await StepAsync(kind, a, b);
        await CompareAsync();
    }

    private Task StepAsync(int kind, int a, int b) => kind switch
    {
        0 or 1 => PrepareAsync(a, b / 2 % 2, committed: b == 3),
        2 or 3 => DecideAsync(a, b == 0 ? Verdict.Rollback : Verdict.Commit),
        4 => DecideTogetherAsync(a, b),
        5 or 6 => ClaimAsync(b % 2, a + 1),
        7 or 8 => FinishAsync(a, b),
        9 => MendAsync(b % 2, a, b < 3 ? DeadLetterAction.Redeliver : DeadLetterAction.Discard),
        10 => ExpireAsync(a),
        _ => ParkAsync(a),
    };

    private async Task PrepareAsync(int message, int content, bool committed)
    {
        var operation = await node.PrepareAsync(
            Messages.New(producer, topic, $"[{content}]", ids[message], orderingKey: Model.LaneOf(message), committed: committed), time);
        operation.Result.Should().Be(model.Prepare(message, content, committed, time.Milliseconds));
    }

    private async Task DecideAsync(int message, Verdict verdict) =>
        (await node.DecideAsync(ids[message], verdict, time)).Outcome.Should().Be(model.Decide(message, verdict, time.Milliseconds));

    private async Task DecideTogetherAsync(int a, int b)
    {
        var wanted = Enumerable.Range(0, 4).Select(i => (Message: (a + i * b) % ids.Length, Verdict: (a + i) % 3 == 0 ? Verdict.Rollback : Verdict.Commit)).ToArray();
        var operations = wanted.Select(want => NodeActions.Deciding(ids[want.Message], want.Verdict, time)).ToArray();
        await node.WriteTogetherAsync(operations.Cast<WriteOperation>().ToArray());
        operations.Select(operation => operation.Result.Outcome)
            .Should().Equal(wanted.Select(want => model.Decide(want.Message, want.Verdict, time.Milliseconds)));
    }

    private async Task ClaimAsync(int subscription, int limit)
    {
        var due = model.Due(subscription, time.Milliseconds);
        var claimed = await node.ClaimAsync(subscriptions[subscription], time, limit);
        claimed.Should().HaveCount(Math.Min(limit, due.Count));
        foreach (var lease in claimed)
        {
            var delivery = due.Single(delivery => ids[delivery.Message] == lease.MessageId);
            lease.Attempts.Should().Be(delivery.Attempts);
            (delivery.State, delivery.DueAt, delivery.Lease) = (DeliveryState.Leased, lease.LeasedUntil, lease);
            leases.Add((subscription, lease));
        }
    }

    private async Task FinishAsync(int which, int how)
    {
        if (leases.Count == 0) return;
        var (subscription, lease) = leases[(leases.Count - 1 + which * 3) % leases.Count];
        var @event = how switch { 0 => DeliveryEvent.Retry, 1 => DeliveryEvent.DeadLetter, 2 => DeliveryEvent.Acknowledge, _ => DeliveryEvent.Release };
        var held = model.Deliveries[subscription].SingleOrDefault(delivery => delivery.Lease == lease);
        await node.FinishAsync(lease, @event, time, retryInMs: 5_000);
        if (held is not null) model.Finish(held, @event, time.Milliseconds + 5_000, time.Milliseconds);
    }

    private async Task MendAsync(int subscription, int message, DeadLetterAction action)
    {
        var operation = new DeadLetterOperation(subscriptions[subscription].Id, action, time.GetUtcNow()) { Actor = "test", MessageIds = [ids[message]] };
        var expected = model.Mend(subscription, message, action == DeadLetterAction.Redeliver ? DeliveryEvent.Redeliver : DeliveryEvent.Discard, time.Milliseconds);
        (await node.Committer.WriteAsync(operation)).Should().Be(expected);
    }

    private async Task ExpireAsync(int a)
    {
        time.Advance(TimeSpan.FromSeconds(1 + a * 10));
        while (await node.Get<ExpiredLeaseSweeper>().RunAsync(CancellationToken.None) > 0)
        {
        }

        model.Expire(time.Milliseconds);
    }

    private async Task ParkAsync(int message)
    {
        var claim = new { id = ids[message].ToByteArray(bigEndian: true), token = LeaseToken.New(), leasedUntil = time.Milliseconds + 1000 };
        var claimed = await node.Database.WriteAsync(connection => connection.QuerySingleOrDefaultAsync<OverdueMessage>("ClaimMessageForCheckBack", claim));
        (claimed is not null).Should().Be(model.Messages.TryGetValue(message, out var stored) && stored.State.IsUndecided());
        if (claimed is null) return;
        var record = new CheckBackRecord(claimed) { Answer = CheckBackAnswer.Unknown, State = MessageState.Parked, At = time.Milliseconds, Url = "http://127.0.0.1:9/", LatencyMs = 1 };
        (await node.Committer.WriteAsync(record)).Should().Be(model.Park(message));
    }

    private async Task CompareAsync()
    {
        for (var message = 0; message < ids.Length; message++)
        {
            var known = model.Messages.TryGetValue(message, out var stored);
            (await node.StateOfAsync(ids[message])).Should().Be(known ? stored.State : null);
            if (!known) continue;
            var rows = await node.DeliveriesOfAsync(ids[message]);
            rows.Select(row => (row.Subscription, row.DeliveryState, row.Attempts)).Should().BeEquivalentTo(
                subscriptions.SelectMany((subscription, i) => model.Deliveries[i].Where(delivery => delivery.Message == message)
                    .Select(delivery => (subscription.Name, delivery.State, delivery.Attempts))));
        }

        for (var i = 0; i < subscriptions.Length; i++) await ClaimAsync(i, 100);
    }
}
