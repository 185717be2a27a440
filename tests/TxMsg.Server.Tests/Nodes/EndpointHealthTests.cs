using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Nodes;

public sealed class EndpointHealthTests
{
    private TestNode node = null!;
    private Subscription billing = null!;
    private Producer shop = null!;

    private HealthCollector Collector => node.Get<HealthCollector>();

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        shop = await node.RegisterAsync();
        billing = await node.SubscribeAsync(schedule: [20]);
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task AnEndpointThatWasNeverCalled_IsClosedAndSaysNothing()
    {
        var health = await OfBillingAsync();

        (health.Circuit, health.AttemptsLastHour, health.FailuresLastHour, health.FailureRate).Should().Be(("closed", 0, 0, null));
        (health.LastSuccessAt, health.LastFailureAt, health.LastError).Should().Be((null, null, null));
    }

    [Test]
    public async Task Attempts_CountForAnHour()
    {
        var began = node.Time.GetUtcNow();
        for (var i = 0; i < 3; i++) Succeed();
        Fail(503, "too busy");

        var health = await OfBillingAsync();
        (health.AttemptsLastHour, health.FailuresLastHour, health.FailureRate).Should().Be((4, 1, 0.25));
        (health.LastSuccessAt, health.LastFailureAt, health.LastStatus, health.LastError).Should().Be((began, began, 503, "too busy"));

        node.Time.Advance(TimeSpan.FromMinutes(50));
        // As every heartbeat does: what comes now came after it.
        Collector.ListChanged();
        Succeed();
        (await OfBillingAsync()).AttemptsLastHour.Should().Be(5);
        node.Time.Advance(TimeSpan.FromMinutes(15));
        health = await OfBillingAsync();
        (health.AttemptsLastHour, health.FailuresLastHour).Should().Be((1, 0));
        health.LastError.Should().Be("too busy", "what was last is kept");
    }

    [Test]
    public async Task TheCircuit_IsThatOfTheBackoff()
    {
        var backoff = node.Outlets[billing.Id].Backoff;
        for (var i = 0; i < 5; i++)
        {
            Fail(500, "broken");
            backoff.Failed(node.Time.GetUtcNow(), [20], Guid.NewGuid());
        }

        var health = await OfBillingAsync();
        (health.Circuit, health.OpenUntil).Should().Be(("open", node.Time.GetUtcNow().AddSeconds(20)));
        node.Time.Advance(TimeSpan.FromSeconds(21));
        health = await OfBillingAsync();
        (health.Circuit, health.OpenUntil).Should().Be(("halfOpen", null));
        Succeed();
        backoff.Succeeded();
        (await OfBillingAsync()).Circuit.Should().Be("closed");
    }

    [Test]
    public async Task OfAProducer_TheBreakerIsTheCircuit()
    {
        var counters = node.Get<ProducerCounters>()[shop.Id];
        for (var i = 0; i < ProducerBreaker.Threshold; i++)
        {
            counters.Failed(node.Time.GetUtcNow(), null, "no connection");
            node.Get<ProducerBreaker>().Note(shop.Id, CheckBackAnswer.Unreachable);
        }

        var health = (await ReadAsync()).Of(shop);
        (health.Circuit, health.FailureRate, health.LastError).Should().Be(("open", 1.0, "no connection"));
        node.Get<ProducerBreaker>().Note(shop.Id, CheckBackAnswer.Unknown);
        (await ReadAsync()).Of(shop).Circuit.Should().Be("closed");
    }

    [Test]
    public void OnlyWhatHasChanged_IsWritten()
    {
        Collector.ListChanged().Should().BeEmpty();
        Succeed();
        var changed = Collector.ListChanged();
        changed.Should().ContainSingle(row => row.Kind == HealthRow.Subscription && row.SubjectId == billing.Id);
        Collector.ListChanged().Should().HaveCount(1, "it is not in the store yet");
        Collector.Confirm(changed);

        Collector.ListChanged().Should().BeEmpty();
        Fail(500, "broken");
        Collector.ListChanged().Should().ContainSingle();
    }

    [Test]
    public void OfMoreThanOneHeartbeatTakes_EachHasItsTurn()
    {
        const int count = HealthCollector.MostRows * 2;
        var stored = new HashSet<long>();
        for (var beat = 0; beat < 2; beat++)
        {
            node.Time.Advance(TimeSpan.FromSeconds(5));
            for (var id = 1; id <= count; id++) node.Outlets[id].Counters.Succeeded(node.Time.GetUtcNow());
            // One that could not be written is no turn.
            Collector.ListChanged();
            var rows = Collector.ListChanged();
            rows.Should().HaveCount(HealthCollector.MostRows);
            Collector.Confirm(rows);
            stored.UnionWith(rows.Select(row => row.SubjectId));
        }

        stored.Should().HaveCount(count);
    }

    [Test]
    public void SeveralNodes_AreAddedUp()
    {
        var now = node.Now;
        var slot = RecentAttempts.SlotOf(now);
        HealthRow[] rows =
        [
            new() { SubjectId = billing.Id, LastSuccessAt = now - 5, LastFailureAt = now - 90, LastError = "older", Recent = $"{slot - 30}:100:100,{slot - 1}:6:1" },
            new() { SubjectId = billing.Id, LastSuccessAt = now - 70, LastFailureAt = now - 8, LastStatus = 502, LastError = "newer", Recent = $"{slot}:4:4", CircuitUntil = now + 9_000 },
            new() { SubjectId = billing.Id + 1, LastError = "another's", LastFailureAt = now, Recent = $"{slot}:1000:1000" },
        ];

        var health = new HealthMap(rows, now).Of(billing);

        (health.AttemptsLastHour, health.FailuresLastHour, health.FailureRate).Should().Be((10, 5, 0.5));
        (health.LastStatus, health.LastError, health.Circuit).Should().Be((502, "newer", "open"));
        health.LastSuccessAt!.Value.ToUnixTimeMilliseconds().Should().Be(now - 5);
    }

    [TestCase(0, null, "open")]
    [TestCase(21_000, null, "closed")]
    [TestCase(0, 1L, "closed")]
    public void TheCircuitOfANodeThatIsGone_DoesNotCount(long silentForMs, long? stoppedAt, string circuit)
    {
        var stored = new StoredHealth
        {
            SubjectId = billing.Id, CircuitUntil = node.Now + 60_000, BeatMs = 5_000, HeartbeatAt = node.Now - silentForMs, StoppedAt = stoppedAt,
        };

        new HealthMap([stored.ToRow(node.Now)], node.Now).Of(billing).Circuit.Should().Be(circuit);
    }

    private void Succeed() => node.Outlets[billing.Id].Counters.Succeeded(node.Time.GetUtcNow());

    private void Fail(int? status, string error) => node.Outlets[billing.Id].Counters.Failed(node.Time.GetUtcNow(), status, error);

    private Task<HealthMap> ReadAsync() => node.Get<HealthReader>().ReadAsync(CancellationToken.None);

    private async Task<Contracts.Registration.EndpointHealth> OfBillingAsync() => (await ReadAsync()).Of(billing);
}
