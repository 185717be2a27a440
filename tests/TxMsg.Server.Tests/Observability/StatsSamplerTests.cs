using FluentAssertions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using TxMsg.Server.Observability;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Tests.Storage;

namespace TxMsg.Server.Tests.Observability;

[NonParallelizable]
public sealed class StatsSamplerTests
{
    [Test]
    public async Task AStoreThatDoesNotAnswer_LeavesTheLastSampleUntilItDoes()
    {
        await using var inbox = await Inbox.OpenAsync();
        await using var coordinator = TestCoordinator.Start();
        await coordinator.RegisterAsync("shop", "billing", "orders", inbox.Url);
        await coordinator.PrepareAsync("shop", "orders");
        var sampler = coordinator.Get<IEnumerable<IHostedService>>().OfType<StatsSampler>().Single();
        (await sampler.RunOnceAsync(CancellationToken.None)).Should().BeTrue();

        await coordinator.ExecuteAsync("ALTER TABLE counters RENAME TO hidden");
        (await sampler.RunOnceAsync(CancellationToken.None)).Should().BeFalse();
        (await coordinator.Http.GetStringAsync("/metrics")).Should().Contain("txmsg_messages{state=\"prepared\"} 1\n");

        await coordinator.ExecuteAsync("ALTER TABLE hidden RENAME TO counters");
        (await sampler.RunOnceAsync(CancellationToken.None)).Should().BeTrue();
    }

    [Test]
    public async Task AStoreThatCancelsByItself_EndsNothing()
    {
        await using var coordinator = TestCoordinator.Start();
        await using var database = new TroubledDatabase(coordinator.Get<StoreDatabase>()) { CancelsByItself = true };
        var reader = new StatsReader(database, coordinator.Get<RegistryCache>(), TimeProvider.System);
        using var sampler = new StatsSampler(reader, coordinator.Get<StatsGauges>(), TimeProvider.System, NullLogger<StatsSampler>.Instance);

        (await sampler.RunOnceAsync(CancellationToken.None)).Should().BeFalse("nobody has asked it to stop, and its end would be the server's");
    }
}
