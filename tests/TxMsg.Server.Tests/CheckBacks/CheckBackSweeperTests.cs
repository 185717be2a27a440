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
    public async Task LookAsync_WithOverdueMessages_StartsOneJobAProducer()
    {
        await PrepareAsync("shop", 3);
        await PrepareAsync("bank", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30));

        (await LookAsync()).Should().Be(2);
        (await LookAsync()).Should().Be(0, "each has a job");

        node.Jobs.Producers.Select(job => job.ProducerId).Should().BeEquivalentTo([1L, 2L]);
        node.Jobs.Producers.Select(job => job.Token).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task LookAsync_BeforeTheTime_StartsNothing()
    {
        await PrepareAsync("shop", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));

        (await LookAsync()).Should().Be(0);
    }

    [Test]
    public async Task RunAsync_WithMessagesDueBeforeTheNextSweep_WaitsForThem()
    {
        await PrepareAsync("shop", 1);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        await PrepareAsync("bank", 1);
        node.Time.Advance(TimeSpan.FromSeconds(27));

        var sweep = node.Get<CheckBackSweeper>().RunAsync(CancellationToken.None);
        await AdvanceUntilAsync(() => node.Jobs.Producers.Count == 1, TimeSpan.FromSeconds(2));
        await AdvanceUntilAsync(() => node.Jobs.Producers.Count == 2, TimeSpan.FromSeconds(2));

        await AdvanceUntilAsync(() => sweep.IsCompleted, TimeSpan.FromSeconds(10));
        (await sweep).Should().Be(2);
    }

    [Test]
    public async Task RunAsync_WhenAJobIsUnderWay_LooksAgainForWhatItLeaves()
    {
        await PrepareAsync("shop", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30));
        var sweep = node.Get<CheckBackSweeper>().RunAsync(CancellationToken.None);
        await Until(() => node.Jobs.Producers.Count == 1);

        // The job found nothing to do, and ends just now: what is due is given to another.
        await node.ExecuteAsync("UPDATE producers SET check_back_job_token = NULL, check_back_job_until = 0");
        await AdvanceUntilAsync(() => node.Jobs.Producers.Count == 2, TimeSpan.FromSeconds(1));

        await AdvanceUntilAsync(() => sweep.IsCompleted, TimeSpan.FromSeconds(10));
        (await sweep).Should().Be(2);
    }

    [Test]
    public async Task LookAsync_WhenAJobNeverRan_ReplacesIt()
    {
        await PrepareAsync("shop", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30));
        await LookAsync();
        node.Time.Advance(CheckBackJobLeases.QueuedJobLease - TimeSpan.FromMilliseconds(1));
        (await LookAsync()).Should().Be(0);
        node.Time.Advance(TimeSpan.FromMilliseconds(1));

        (await LookAsync()).Should().Be(1);
    }

    [Test]
    public async Task LookAsync_WhenTheProducerDoesNotAnswer_LeavesItAlone()
    {
        await PrepareAsync("shop", 1);
        await PrepareAsync("bank", 1);
        node.Time.Advance(TimeSpan.FromSeconds(30));
        for (var i = 0; i < ProducerBreaker.Threshold; i++) node.Get<ProducerBreaker>().Note(1, CheckBackAnswer.Unreachable);

        (await LookAsync()).Should().Be(1);
        node.Jobs.Producers.Single().ProducerId.Should().Be(2);
    }

    [Test]
    public async Task LookAsync_OfDecidedAndParkedMessages_StartsNothing()
    {
        await node.DecideAsync((await node.PrepareAsync()).Id);
        await node.DecideAsync((await node.PrepareAsync()).Id, Verdict.Rollback);
        await node.PrepareAsync();
        await node.ExecuteAsync("UPDATE messages SET state = 1, check_back_at = NULL WHERE state = 0");
        node.Time.Advance(TimeSpan.FromDays(1));

        (await LookAsync()).Should().Be(0);
    }

    // In steps, so that whoever waits next does so from a time that has not been passed.
    private async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan most)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var end = node.Time.GetUtcNow() + most; !condition(); await Task.Delay(5, limit.Token))
        {
            if (node.Time.GetUtcNow() < end) node.Time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(5, limit.Token);
    }

    private Task<int> LookAsync() => node.Get<CheckBackSweeper>().LookAsync(CancellationToken.None);

    private async Task PrepareAsync(string producer, int count)
    {
        for (var i = 0; i < count; i++) await node.PrepareAsync();
        if (producer == "bank") await node.ExecuteAsync($"UPDATE messages SET producer_id = 2 WHERE seq > (SELECT MAX(seq) - {count} FROM messages)");
    }
}
