using FluentAssertions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using TxMsg.Server.Nodes;
using TxMsg.Server.Nodes.Health;
using TxMsg.Server.Observability.History;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Nodes;

public sealed class NodePulseTests
{
    private TestNode node = null!;

    private NodePulse Pulse => node.Get<NodePulse>();

    [SetUp]
    public async Task StartAsync() => node = await TestNode.StartAsync(("TxMsg:Nodes:Name", "north"), ("TxMsg:Nodes:HeartbeatInterval", "00:00:07"));

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task ABeat_IsTheNodesRow()
    {
        (await Pulse.BeatAsync()).Should().BeTrue();
        var first = (await ListAsync()).Single();
        node.Time.Advance(TimeSpan.FromSeconds(7));
        await Pulse.BeatAsync();

        var second = (await ListAsync()).Single();
        (first.Name, first.State, first.Id).Should().Be(("north", "alive", second.Id));
        (second.HeartbeatAt - first.HeartbeatAt).Should().Be(TimeSpan.FromSeconds(7));
        second.StartedAt.Should().Be(first.StartedAt);
    }

    [Test]
    public async Task ANodeThatIsNotHeardOf_IsSilent_AndOneThatSaidSoStopped()
    {
        await Pulse.BeatAsync();
        node.Time.Advance(TimeSpan.FromSeconds(28));
        (await ListAsync()).Single().State.Should().Be("alive", "it may miss some");
        node.Time.Advance(TimeSpan.FromSeconds(1));
        (await ListAsync()).Single().State.Should().Be("silent");
        await Pulse.BeatAsync(node.Time.GetUtcNow());
        node.Time.Advance(TimeSpan.FromSeconds(2));

        (await ListAsync()).Single().State.Should().Be("stopped");
    }

    [Test]
    public async Task AnAddressToAnnounce_StandsForThoseWhereItListens()
    {
        await using var announcing = await TestNode.StartAsync(("TxMsg:Nodes:Address", "https://node-1.example.com/txmsg"));

        await announcing.Get<NodePulse>().BeatAsync();

        (await announcing.Get<NodeReader>().ListAsync(CancellationToken.None)).Single().Addresses.Should().Equal("https://node-1.example.com/txmsg");
    }

    [TestCase(null, true)]
    [TestCase("", true)]
    [TestCase("http://10.0.0.5:5080", true)]
    [TestCase("https://node-1.example.com/txmsg/", true)]
    [TestCase("node-1.example.com", false)]
    [TestCase("ftp://node-1.example.com", false)]
    [TestCase("http://user@node-1.example.com", false)]
    [TestCase("http://node-1.example.com?a=1", false)]
    [TestCase("http://node-1.example.com#a", false)]
    [TestCase("http://+:5080", false)]
    public void AnAddressToAnnounce_IsOneThatCanBeCalled(string? address, bool isRight) =>
        (NodeOptions.ProblemOfAddress(address) is null).Should().Be(isRight);

    [Test]
    public void AnAddressToAnnounce_HasALimit()
    {
        NodeOptions.ProblemOfAddress("http://" + new string('n', NodeOptions.MaxAddressLength - 7)).Should().BeNull();
        NodeOptions.ProblemOfAddress("http://" + new string('n', NodeOptions.MaxAddressLength - 6)).Should().NotBeNull();
    }

    [TestCase(1_000, 15_000, true)]
    [TestCase(1_000, 15_001, false)]
    [TestCase(5_000, 20_000, true)]
    [TestCase(5_000, 20_001, false)]
    [TestCase(60_000, 240_000, true)]
    public void ANode_IsAliveForFourBeats_AndAWhileAtLeast(long beatMs, long silentForMs, bool isAlive) =>
        NodeRow.IsAlive(null, 1_000_000, beatMs, 1_000_000 + silentForMs).Should().Be(isAlive);

    [Test]
    public async Task ABeatThatCannotBeWritten_LosesNothing()
    {
        var billing = await node.SubscribeAsync();
        node.Outlets[billing.Id].Counters.Failed(node.Time.GetUtcNow(), 500, "broken");
        node.Break.OnApply = static () => throw new Microsoft.Data.Sqlite.SqliteException("no space", 13);
        (await Pulse.BeatAsync()).Should().BeFalse();
        (await node.ReadAsync("SELECT COUNT(*) FROM nodes")).Should().Be(0);
        node.Break.OnApply = static () => { };

        (await Pulse.BeatAsync()).Should().BeTrue();

        (await node.ReadAsync("SELECT COUNT(*) FROM nodes")).Should().Be(1);
        (await node.ReadAsync("SELECT COUNT(*) FROM endpoint_health WHERE last_status = 500 AND last_error = 'broken'")).Should().Be(1);
        node.Get<HealthCollector>().ListChanged().Should().BeEmpty();
    }

    [Test]
    public async Task BeatsThatFailAgainAndAgain_AreLoggedOnce_AndOnceMoreWhenTheyAreWrittenAgain()
    {
        var log = new List<int>();
        var pulse = new NodePulse(
            node.Get<NodeIdentity>(), node.Get<MinuteRecorder>(), node.Get<HealthCollector>(), node.Get<PulsePurger>(), node.Database, node.Committer,
            node.Get<IServer>(), node.Get<IOptions<NodeOptions>>(), node.Time, new EventLog(log));
        node.Break.OnApply = static () => throw new Microsoft.Data.Sqlite.SqliteException("no space", 13);
        for (var i = 0; i < 5; i++) (await pulse.BeatAsync()).Should().BeFalse();
        node.Break.OnApply = static () => { };
        for (var i = 0; i < 2; i++) (await pulse.BeatAsync()).Should().BeTrue();

        log.Should().Equal(5221, 5222);
        pulse.Dispose();
    }

    [Test]
    public async Task TheLoop_BeatsOnAndSaysThatItStops()
    {
        await Pulse.StartedAsync(CancellationToken.None);
        var started = node.Now;
        await ShouldHaveBeatAtAsync(started);
        // Its first beat can be read a moment before it begins to wait for the next one.
        await Eventually.HoldsAsync(async () =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(7));
            (await node.ReadAsync("SELECT heartbeat_at FROM nodes")).Should().BeGreaterThan(started);
        });

        await Pulse.StoppedAsync(CancellationToken.None);

        (await node.ReadAsync("SELECT stopped_at FROM nodes")).Should().Be(node.Now);
    }

    [Test]
    public async Task TheLoop_OutlivesAStoreThatRefuses()
    {
        node.Break.OnApply = static () => throw new Microsoft.Data.Sqlite.SqliteException("no space", 13);
        await Pulse.StartedAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => node.Committer.LastFault.Should().NotBeNull());
        node.Break.OnApply = static () => { };

        // Each pause is a little longer than the one before, up to a minute.
        await Eventually.HoldsAsync(async () =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(7));
            (await node.ReadAsync("SELECT COUNT(*) FROM nodes")).Should().Be(1);
        });
        await Pulse.StoppedAsync(CancellationToken.None);
    }

    private Task ShouldHaveBeatAtAsync(long at) =>
        Eventually.HoldsAsync(async () => (await node.ReadAsync("SELECT heartbeat_at FROM nodes")).Should().Be(at));

    // A reader of its own has nothing from before.
    private Task<IReadOnlyList<Contracts.Operations.NodeResource>> ListAsync() =>
        new NodeReader(node.Database, node.Get<NodeIdentity>(), node.Time).ListAsync(CancellationToken.None);

    private sealed class EventLog(List<int> events) : ILogger<NodePulse>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => events.Add(eventId.Id);
    }
}
