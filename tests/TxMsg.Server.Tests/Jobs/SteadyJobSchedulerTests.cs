using FluentAssertions;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.Server;
using Hangfire.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using TxMsg.Server.Hosting;
using TxMsg.Server.Jobs;
using TxMsg.Server.Tests.Hosting;

namespace TxMsg.Server.Tests.Jobs;

public sealed class SteadyJobSchedulerTests
{
    private Wall wall = null!;
    private SteadyClock clock = null!;
    private InMemoryStorage storage = null!;
    private SteadyJobScheduler scheduler = null!;

    [SetUp]
    public void Schedule()
    {
        // Far from what the machine, and with it Hangfire's storage, takes for now.
        wall = new Wall();
        wall.Pass(TimeSpan.Zero, setBy: TimeSpan.FromDays(3650));
        clock = new SteadyClock(wall, NullLogger<SteadyClock>.Instance);
        storage = new InMemoryStorage();
        scheduler = new SteadyJobScheduler(JobFilterProviders.Providers, new DefaultTimeZoneResolver(), clock);
        new RecurringJobManager(storage).AddOrUpdate("sweep", Job.FromExpression(() => Sweep()), "* * * * * *");
    }

    [TearDown]
    public void Close() => storage.Dispose();

    [Test]
    [CancelAfter(20_000)]
    public async Task Execute_GoesByThisNodesClockAndNotByTheStorages(CancellationToken cancellationToken)
    {
        await ExecuteAsync(cancellationToken);

        var sweep = Read();
        sweep.LastExecution.Should().BeCloseTo(clock.GetUtcNow().UtcDateTime, TimeSpan.FromSeconds(1));
        sweep.NextExecution.Should().BeAfter(sweep.LastExecution!.Value).And.BeCloseTo(sweep.LastExecution.Value, TimeSpan.FromSeconds(2));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Execute_AfterTheMachinesClockLeaptToAndFro_RunsTheJobsAsBefore(CancellationToken cancellationToken)
    {
        await ExecuteAsync(cancellationToken);
        wall.Pass(TimeSpan.FromSeconds(2), setBy: TimeSpan.FromDays(365));
        await ExecuteAsync(cancellationToken);
        wall.Pass(TimeSpan.FromSeconds(2), setBy: TimeSpan.FromDays(-365));

        // Were its next time a year away, this would wait for it.
        await ExecuteAsync(cancellationToken);
    }

    /// <summary>What the job would do.</summary>
    public static void Sweep()
    {
    }

    private RecurringJobDto Read()
    {
        using var connection = storage.GetConnection();
        return connection.GetRecurringJobs().Single();
    }

    // Until the job was started once (more).
    private async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var before = Read().LastJobId;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var context = new BackgroundProcessContext("node", storage, new Dictionary<string, object>(), Guid.NewGuid(), stop.Token, stop.Token, stop.Token);
        var executing = Task.Run(() => scheduler.Execute(context), CancellationToken.None);
        while (Read().LastJobId == before && !cancellationToken.IsCancellationRequested)
        {
            // Its own wait between two looks ends by itself.
            if (executing.IsCompleted) executing = Task.Run(() => scheduler.Execute(context), CancellationToken.None);
            await Task.Delay(10, CancellationToken.None);
        }

        await stop.CancelAsync();
        await executing.ContinueWith(static _ => { }, TaskScheduler.Default);
        Read().LastJobId.Should().NotBe(before);
    }
}
