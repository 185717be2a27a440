using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class UnansweredParkerTests
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(72);
    private TestNode node = null!;
    private long producerId;

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        producerId = (await node.RegisterAsync()).Id;
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task RunAsync_WhenAProducerIsLeftAlone_ParksAllThatWaitedTooLong()
    {
        await PrepareAsync(2_500);
        node.Time.Advance(GiveUpAfter - TimeSpan.FromSeconds(1));
        await PrepareAsync(7);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        FailToAnswer();

        (await RunAsync()).Should().Be(2_500);

        (await node.ReadAsync($"SELECT COUNT(*) FROM messages WHERE state = 1 AND parked_at = {node.Now} AND check_back_at IS NULL")).Should().Be(2_500);
        (await node.ReadAsync("SELECT COUNT(*) FROM messages WHERE state = 0")).Should().Be(7);
        (await RunAsync()).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_OfWhatWasPutOffUntilTheProducerMayBeAsked_ParksIt()
    {
        await PrepareAsync(1);
        node.Time.Advance(GiveUpAfter);
        FailToAnswer();
        await node.ExecuteAsync($"UPDATE messages SET check_back_at = {node.Get<ProducerBreaker>().OpenUntil(producerId).ToUnixTimeMilliseconds()}");

        (await RunAsync()).Should().Be(1);
    }

    [Test]
    public async Task RunAsync_OfAProducerThatAnswers_ParksNothing()
    {
        await PrepareAsync(3);
        node.Time.Advance(GiveUpAfter);
        FailToAnswer();
        node.Get<ProducerBreaker>().Note(producerId, CheckBackAnswer.Unknown);

        (await RunAsync()).Should().Be(0, "whoever was down for a weekend is asked first");
    }

    [Test]
    public async Task RunAsync_OfWhatIsBeingAskedAbout_LeavesItToItsAnswer()
    {
        await PrepareAsync(1);
        node.Time.Advance(GiveUpAfter);
        FailToAnswer();
        await node.ExecuteAsync($"UPDATE messages SET check_back_token = 1, check_back_at = {node.Now + 1}");

        (await RunAsync()).Should().Be(0);

        node.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await RunAsync()).Should().Be(1, "whoever asked has not come back");
    }

    [Test]
    public async Task RunAsync_OfAMessageThatWaitsForItsFirstCheckBack_LeavesIt()
    {
        await PrepareAsync(1);
        node.Time.Advance(GiveUpAfter);
        FailToAnswer();
        await node.ExecuteAsync($"UPDATE messages SET check_back_at = {node.Now + (long)TimeSpan.FromDays(1).TotalMilliseconds}");

        (await RunAsync()).Should().Be(0);
    }

    [Test]
    public async Task AParkedMessage_StillTakesALateVerdict()
    {
        var id = (await node.PrepareAsync()).Id;
        node.Time.Advance(GiveUpAfter);
        FailToAnswer();
        await RunAsync();

        await node.DecideAsync(id, Verdict.Commit);

        (await node.ReadAsync("SELECT state FROM messages")).Should().Be((long)MessageState.Committed);
    }

    private Task<int> RunAsync() => node.Get<UnansweredParker>().RunAsync(CancellationToken.None);

    private Task PrepareAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => node.PrepareAsync()));

    private void FailToAnswer()
    {
        for (var i = 0; i < ProducerBreaker.Threshold; i++) node.Get<ProducerBreaker>().Note(producerId, CheckBackAnswer.Unreachable);
    }
}
