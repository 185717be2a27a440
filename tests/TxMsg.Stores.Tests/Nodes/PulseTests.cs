using TxMsg.Contracts.Operations;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Nodes;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Observability.History;
using TxMsg.Server.Storage;
using TxMsg.Server.Subscriptions;

namespace TxMsg.Stores.Tests.Nodes;

/// <summary>What nodes write of themselves, and what is read of all of them.</summary>
[NonParallelizable]
public sealed class PulseTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Beat_OfSeveralNodes_IsARowForEach()
    {
        var ids = new[] { Guid.CreateVersion7(), Guid.CreateVersion7() };
        await BeatAsync(ids[0], name: "north");
        await BeatAsync(ids[1], name: "south");
        Time.Advance(TimeSpan.FromSeconds(5));
        await BeatAsync(ids[0], name: "north", stoppedAt: Time.Milliseconds);

        var nodes = (await NodesAsync()).Where(node => ids.Contains(node.Id)).ToArray();

        nodes.Select(node => (node.Id, node.Name)).Should().Equal((ids[0], "north"), (ids[1], "south"));
        nodes[0].State.Should().Be("stopped");
        nodes[0].HeartbeatAt.Should().Be(nodes[1].HeartbeatAt.AddSeconds(5));
        nodes[0].Addresses.Should().Equal("http://127.0.0.1:5080");
        nodes[1].StartedAt.ToUnixTimeMilliseconds().Should().Be(Time.Milliseconds - 5_000);
    }

    [Test]
    public async Task Minutes_WrittenAgainAndBySeveralNodes_AddUp()
    {
        // An hour of its own.
        Time.Advance(TimeSpan.FromHours(3));
        var minute = MinuteRecorder.MinuteOf(Time.GetUtcNow());
        var (north, south) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await BeatAsync(north, minutes: [new MinuteRow { MinuteAt = minute - 60_000, Prepared = 1 }, new MinuteRow { MinuteAt = minute, Prepared = 2, Latencies = "8:3" }]);
        await BeatAsync(north, minutes: [new MinuteRow { MinuteAt = minute, Prepared = 7, Committed = 6, RolledBack = 1, Failed = 2, DeadLettered = 1, Latencies = "8:30" }]);
        await BeatAsync(south, minutes: [new MinuteRow { MinuteAt = minute, Prepared = 100, Delivered = 40, Latencies = "8:9,40:1" }]);
        // Too old to be in it.
        await BeatAsync(south, minutes: [new MinuteRow { MinuteAt = minute - 600_000, Prepared = 5_000 }]);

        var history = await HistoryAsync(10, 1);

        history.StepSeconds.Should().Be(60);
        history.Points.Should().HaveCount(10);
        history.Points.Select(point => point.Prepared).Should().Equal(0, 0, 0, 0, 0, 0, 0, 0, 1, 107);
        var last = history.Points[^1];
        (last.Committed, last.RolledBack, last.Delivered, last.Failed, last.DeadLettered).Should().Be((6, 1, 40, 2, 1));
        last.At.ToUnixTimeMilliseconds().Should().Be(minute);
        last.CommitToDeliveredP50Seconds.Should().BeInRange(0.008, 0.010);
        last.CommitToDeliveredP99Seconds.Should().BeInRange(0.008, 2.56);
        history.Points[^2].CommitToDeliveredP50Seconds.Should().BeNull();
    }

    [Test]
    public async Task History_InLongerSteps_HasTheSameSums()
    {
        Time.Advance(TimeSpan.FromHours(3));
        var minute = MinuteRecorder.MinuteOf(Time.GetUtcNow());
        await BeatAsync(Guid.CreateVersion7(), minutes: Enumerable.Range(0, 60).Select(i => new MinuteRow { MinuteAt = minute - (i * 60_000), Committed = i }).ToArray());

        var history = await HistoryAsync(65, 5);

        history.Points.Should().HaveCount(13);
        history.Points.Sum(point => point.Committed).Should().Be(Enumerable.Range(0, 60).Sum());
        history.Points.Should().OnlyContain(point => point.At.ToUnixTimeSeconds() % 300 == 0);
    }

    [Test]
    public async Task Health_OfAnotherNode_IsReadWithOnesOwn()
    {
        var subscription = await Node.SubscribeAsync(NodeActions.Unique("topic"));
        var producer = await Node.RegisterProducerAsync();
        var now = Time.Milliseconds;
        await BeatAsync(Guid.CreateVersion7(), health:
        [
            new HealthRow
            {
                SubjectId = subscription.Id, LastSuccessAt = now - 500, LastFailureAt = now - 100, LastStatus = 503, LastError = "zu viel \U0001F600 <b>",
                Recent = $"{RecentAttempts.SlotOf(now)}:9:1", CircuitUntil = now + 30_000,
            },
            new HealthRow { Kind = HealthRow.Producer, SubjectId = producer.Id, LastFailureAt = now - 100, LastError = "no connection", Recent = $"{RecentAttempts.SlotOf(now)}:2:2" },
        ]);
        Node.Get<OutletDirectory>()[subscription.Id].Counters.Succeeded(Time.GetUtcNow());

        var health = await Node.Get<HealthReader>().ReadAsync(CancellationToken.None);

        var ofSubscription = health.Of(subscription);
        (ofSubscription.AttemptsLastHour, ofSubscription.FailuresLastHour, ofSubscription.LastStatus, ofSubscription.LastError, ofSubscription.Circuit)
            .Should().Be((10, 1, 503, "zu viel \U0001F600 <b>", "open"));
        ofSubscription.LastSuccessAt!.Value.ToUnixTimeMilliseconds().Should().Be(now);
        (health.Of(producer).FailureRate, health.Of(producer).LastError, health.Of(producer).Circuit).Should().Be((1.0, "no connection", "closed"));
    }

    [Test]
    public async Task Purge_RemovesWhatIsOld()
    {
        Time.Advance(TimeSpan.FromHours(3));
        var (gone, kept) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var old = MinuteRecorder.MinuteOf(Time.GetUtcNow());
        await BeatAsync(gone, minutes: Enumerable.Range(0, 450).Select(i => new MinuteRow { MinuteAt = old + (i * 60_000), Failed = 1 }).ToArray());
        Time.Advance(PulsePurger.MinutesKeptFor);
        await BeatAsync(kept);

        while (await Node.Get<PulsePurger>().RunAsync(CancellationToken.None))
        {
        }

        (await NodesAsync()).Select(node => node.Id).Should().Contain(kept).And.NotContain(gone);
        var rest = await Node.Database.ReadAsync(connection => connection.QueryAsync<MinuteRow>("ListMinuteStats", new { from = 0L, to = old + (450 * 60_000) }));
        rest.Should().HaveCount(449, "the first minute is older than a week").And.OnlyContain(row => row.MinuteAt > old);
    }

    [Test]
    public async Task Purge_KeepsWhenAnEndpointLastSucceeded_ThoughItsNodeIsGone()
    {
        var (subscription, deleted) = (await Node.SubscribeAsync(NodeActions.Unique("topic")), await Node.SubscribeAsync(NodeActions.Unique("topic")));
        var now = Time.Milliseconds;
        HealthRow Row(long successAt, long failureAt, long id = 0) =>
            new() { SubjectId = id == 0 ? subscription.Id : id, LastSuccessAt = now + successAt, LastFailureAt = now + failureAt };
        await BeatAsync(Guid.CreateVersion7(), health: [Row(-50, -10)]);
        await BeatAsync(Guid.CreateVersion7(), health: [Row(-60, -20)]);
        await BeatAsync(Guid.CreateVersion7(), health: [Row(-50, -10)]);
        await BeatAsync(Guid.CreateVersion7(), health: [Row(-5, -30)]);
        Time.Advance(PulsePurger.NodesKeptFor + TimeSpan.FromSeconds(1));
        await BeatAsync(Guid.CreateVersion7(), health: [Row(-90, -90), Row(-1, -1, deleted.Id)]);
        await Node.Get<SubscriptionAdministration>().DeleteAsync(deleted.Name, NodeActions.Actor, null);

        while (await Node.Get<PulsePurger>().RunAsync(CancellationToken.None))
        {
        }

        var rows = await Node.Database.ReadAsync(connection => connection.QueryAsync<StoredHealth>("ListEndpointHealth"));
        rows.Where(row => row.SubjectId == subscription.Id && row.Kind == HealthRow.Subscription).Select(row => (row.LastSuccessAt - now, row.LastFailureAt - now))
            .Should().BeEquivalentTo<(long?, long?)>([(-50, -10), (-5, -30), (-90, -90)], "of the same one stays, and what lives stays whatever it says");
        rows.Should().NotContain(row => row.SubjectId == deleted.Id && row.Kind == HealthRow.Subscription);
    }

    private Task BeatAsync(Guid id, string name = "node", long? stoppedAt = null, MinuteRow[]? minutes = null, HealthRow[]? health = null)
    {
        var row = new NodeRow
        {
            Id = id.ToByteArray(bigEndian: true), Name = name, Version = "1.0.0", Addresses = """["http://127.0.0.1:5080"]""", BeatMs = 5_000,
            StartedAt = Time.Milliseconds, HeartbeatAt = Time.Milliseconds, StoppedAt = stoppedAt,
        };
        return Node.Committer.WriteDeferredAsync(new PulseOperation(row) { Minutes = minutes ?? [], Health = health ?? [] });
    }

    // Readers of their own have nothing from before.
    private Task<IReadOnlyList<NodeResource>> NodesAsync() =>
        new NodeReader(Node.Database, Node.Get<NodeIdentity>(), Time).ListAsync(CancellationToken.None);

    private Task<StatsHistory> HistoryAsync(int minutes, int stepMinutes) =>
        new HistoryReader(Node.Database, Time).ReadAsync(new HistoryQuery(minutes, stepMinutes), CancellationToken.None);
}
