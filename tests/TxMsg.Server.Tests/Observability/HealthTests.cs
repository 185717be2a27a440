using System.Net;
using System.Text.Json;
using FluentAssertions;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Observability;
using TxMsg.Server.Storage;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Observability;

[NonParallelizable]
public sealed class HealthTests
{
    private TestCoordinator coordinator = null!;

    [SetUp]
    public void Start() => coordinator = TestCoordinator.Start();

    [TearDown]
    public async Task StopAsync() => await coordinator.DisposeAsync();

    [Test]
    public async Task ARunningServer_IsLiveAndReady()
    {
        (await GetAsync("/health/live")).Status.Should().Be(HttpStatusCode.OK);
        var ready = await GetAsync("/health/ready");

        ready.Status.Should().Be(HttpStatusCode.OK);
        ready.Body.Should().Be("""{"status":"ready","checks":{"store":"ok","schema":"ok","committer":"ok"}}""");
    }

    [Test]
    public async Task AStoreThatRefusesWrites_MakesItNotReadyUntilItTakesThemAgain()
    {
        var committer = coordinator.Get<GroupCommitter>();
        // Both, so that the node's heartbeat, which comes in between when the machine is slow, is refused like every other write.
        await coordinator.ExecuteAsync("ALTER TABLE counters RENAME TO hidden; ALTER TABLE nodes RENAME TO hidden_nodes");
        await FluentActions.Awaiting(() => committer.WriteAsync(new ProbeOperation(mustWrite: true))).Should().ThrowAsync<StoreUnavailableException>();
        committer.IsHealthy.Should().BeFalse();

        await ShouldBecomeAsync(HttpStatusCode.ServiceUnavailable, "committer", "failing");
        (await GetAsync("/health/live")).Status.Should().Be(HttpStatusCode.OK);

        // No request writes any more: only the probe itself can find out that the store is well again.
        await coordinator.ExecuteAsync("ALTER TABLE hidden RENAME TO counters; ALTER TABLE hidden_nodes RENAME TO nodes");
        await ShouldBecomeAsync(HttpStatusCode.OK, "committer", "ok");
        committer.IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task AStoreThatCannotBeRead_MakesItNotReady()
    {
        await coordinator.ExecuteAsync("ALTER TABLE registry RENAME TO hidden");

        await ShouldBecomeAsync(HttpStatusCode.ServiceUnavailable, "store", "failing");

        await coordinator.ExecuteAsync("ALTER TABLE hidden RENAME TO registry");
        await ShouldBecomeAsync(HttpStatusCode.OK, "store", "ok");
    }

    [Test]
    public async Task ACommitterThatHangs_MakesItNotReady()
    {
        using (coordinator.Get<StoreDatabase>().EnterWriteGate())
        {
            await ShouldBecomeAsync(HttpStatusCode.ServiceUnavailable, "committer", "noAnswer");
        }

        await ShouldBecomeAsync(HttpStatusCode.OK, "committer", "ok");
    }

    [Test]
    public async Task AServerThatStops_IsNotReady()
    {
        var probe = coordinator.Get<ReadinessProbe>();
        coordinator.Get<IHostApplicationLifetime>().StopApplication();

        (await probe.CheckAsync()).Should().Be(new HealthReport("stopping"));
    }

    private async Task ShouldBecomeAsync(HttpStatusCode status, string check, string value) => await Eventually.HoldsAsync(async () =>
    {
        var (found, body) = await GetAsync("/health/ready");
        found.Should().Be(status);
        JsonDocument.Parse(body).RootElement.GetProperty("checks").GetProperty(check).GetString().Should().Be(value);
    });

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var answer = await coordinator.Http.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
