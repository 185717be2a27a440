using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class CheckBackSweeperTests
{
    private TestNode node = null!;

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        await node.RegisterAsync("shop");
        await node.RegisterAsync("bank");
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task RunAsync_WithOverdueMessages_StartsOneJobAProducer()
    {
        await PrepareAsync("shop", 3);
        await PrepareAsync("bank", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30));

        (await SweepAsync()).Should().Be(2);
        (await SweepAsync()).Should().Be(0, "each has a job");

        node.Jobs.Producers.Select(job => job.ProducerId).Should().BeEquivalentTo([1L, 2L]);
        node.Jobs.Producers.Select(job => job.Token).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task RunAsync_BeforeTheTime_StartsNothing()
    {
        await PrepareAsync("shop", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));

        (await SweepAsync()).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_WhenAJobNeverRan_ReplacesIt()
    {
        await PrepareAsync("shop", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30));
        await SweepAsync();
        node.Time.Advance(CheckBackSweeper.QueuedJobLease - TimeSpan.FromMilliseconds(1));
        (await SweepAsync()).Should().Be(0);
        node.Time.Advance(TimeSpan.FromMilliseconds(1));

        (await SweepAsync()).Should().Be(1);
    }

    [Test]
    public async Task RunAsync_WhenTheProducerDoesNotAnswer_LeavesItAlone()
    {
        await PrepareAsync("shop", 1);
        await PrepareAsync("bank", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30));
        for (var i = 0; i < ProducerBreaker.Threshold; i++) node.Get<ProducerBreaker>().Note(1, CheckBackAnswer.Unreachable);

        (await SweepAsync()).Should().Be(1);
        node.Jobs.Producers.Single().ProducerId.Should().Be(2);
    }

    [Test]
    public async Task RunAsync_OfDecidedAndParkedMessages_StartsNothing()
    {
        await node.DecideAsync((await node.PrepareAsync()).Id);
        await node.DecideAsync((await node.PrepareAsync()).Id, Verdict.Rollback);
        await node.PrepareAsync();
        await node.ExecuteAsync("UPDATE messages SET state = 1, check_back_at = NULL WHERE state = 0");
        node.Time.Advance(TimeSpan.FromDays(1));

        (await SweepAsync()).Should().Be(0);
    }

    private Task<int> SweepAsync() => node.Get<CheckBackSweeper>().RunAsync(CancellationToken.None);

    private async Task PrepareAsync(string producer, int count)
    {
        for (var i = 0; i < count; i++) await node.PrepareAsync();
        if (producer == "bank") await node.ExecuteAsync($"UPDATE messages SET producer_id = 2 WHERE seq > (SELECT MAX(seq) - {count} FROM messages)");
    }
}
