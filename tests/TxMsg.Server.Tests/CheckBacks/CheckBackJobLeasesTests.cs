using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class CheckBackJobLeasesTests
{
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
    public async Task StartJobAsync_WhileAnotherHasTheLease_StartsNothing()
    {
        var first = await StartAsync(_ => { });
        var started = false;

        var second = await StartAsync(_ => started = true);

        (first, second, started).Should().Be((true, false, false));
    }

    [Test]
    public async Task StartJobAsync_WhenTheJobCannotBeStarted_GivesTheLeaseBack()
    {
        var start = () => StartAsync(_ => throw new InvalidOperationException("no jobs today"));

        await start.Should().ThrowAsync<InvalidOperationException>().WithMessage("no jobs today");
        (await IsHeldAsync()).Should().BeFalse();
    }

    [Test]
    public async Task ReleaseAsync_WhenTheStoreFails_IsDoneOnceItCanAgain()
    {
        var token = 0L;
        await StartAsync(taken => token = taken);
        await BreakStoreAsync();

        await Leases.ReleaseAsync(producerId, token);
        var release = () => Leases.ReleaseLeftoversAsync();
        await release.Should().ThrowAsync<SqliteException>("the store still fails");
        (await IsHeldAsync()).Should().BeTrue();

        await MendStoreAsync();
        await Leases.ReleaseLeftoversAsync();
        (await IsHeldAsync()).Should().BeFalse();
    }

    [Test]
    public async Task ReleaseLeftoversAsync_WhenTheJobWasReplacedMeanwhile_LeavesTheOther()
    {
        var token = 0L;
        await StartAsync(taken => token = taken);
        await BreakStoreAsync();
        await Leases.ReleaseAsync(producerId, token);
        await MendStoreAsync();
        node.Time.Advance(CheckBackJobLeases.QueuedJobLease);
        (await StartAsync(_ => { })).Should().BeTrue();

        await Leases.ReleaseLeftoversAsync();

        (await IsHeldAsync()).Should().BeTrue();
    }

    [Test]
    public async Task LookAsync_AfterTheStoreFailedAtTheEndOfAJob_StartsTheNextAtOnce()
    {
        await node.PrepareAsync();
        node.Time.Advance(TimeSpan.FromSeconds(31));
        await LookAsync();
        await BreakStoreAsync();
        await Leases.ReleaseAsync(producerId, node.Jobs.Producers.Single().Token);
        await MendStoreAsync();

        (await LookAsync()).Should().Be(1);
    }

    private CheckBackJobLeases Leases => node.Get<CheckBackJobLeases>();

    private Task<bool> StartAsync(Action<long> start) => Leases.StartJobAsync(producerId, start, CancellationToken.None);

    private Task<int> LookAsync() => node.Get<CheckBackSweeper>().LookAsync(CancellationToken.None);

    private async Task<bool> IsHeldAsync() => await node.ReadAsync($"SELECT check_back_job_until FROM producers WHERE id = {producerId}") > node.Now;

    private Task BreakStoreAsync() =>
        node.ExecuteAsync("CREATE TRIGGER broken BEFORE UPDATE ON producers BEGIN SELECT RAISE(ABORT, 'the test refuses every row'); END;");

    private Task MendStoreAsync() => node.ExecuteAsync("DROP TRIGGER broken;");
}
