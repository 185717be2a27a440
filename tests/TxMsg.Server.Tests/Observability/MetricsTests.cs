using System.Text.RegularExpressions;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Observability;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Observability;

[NonParallelizable]
public sealed partial class MetricsTests
{
    private static readonly string[] Names =
    [
        "txmsg_alerts_active", "txmsg_build_info", "txmsg_commit_duration_seconds", "txmsg_commit_to_delivered_seconds", "txmsg_committer_healthy",
        "txmsg_deliveries", "txmsg_deliveries_held", "txmsg_delivery_attempts_total", "txmsg_gc_allocated_bytes_total", "txmsg_gc_collections_total",
        "txmsg_gc_heap_bytes", "txmsg_gc_pause_seconds_total", "txmsg_group_commit_batch_size", "txmsg_group_commit_wait_seconds", "txmsg_messages",
        "txmsg_oldest_parked_age_seconds", "txmsg_oldest_prepared_age_seconds", "txmsg_prepare_duration_seconds", "txmsg_prepares_total", "txmsg_process_cpu_seconds_total",
        "txmsg_process_queued_work_items", "txmsg_process_threads", "txmsg_process_working_set_bytes", "txmsg_stats_age_seconds",
        "txmsg_subscription_backlog", "txmsg_subscription_dead_letters", "txmsg_subscription_oldest_pending_age_seconds", "txmsg_verdicts_total",
        "txmsg_write_queue_length",
    ];

    private TestCoordinator coordinator = null!;
    private Inbox inbox = null!;

    [OneTimeSetUp]
    public async Task SendOneAsync()
    {
        inbox = await Inbox.OpenAsync();
        coordinator = TestCoordinator.Start();
        await coordinator.RegisterAsync("shop", "billing", "orders", inbox.Url);
        await coordinator.CommitAsync(await coordinator.PrepareAsync("shop", "orders"));
        await coordinator.PrepareAsync("shop", "orders");
        await Eventually.HoldsAsync(() => inbox.Requests.Should().NotBeEmpty());
        coordinator.Get<StatsGauges>().Show(await coordinator.Get<StatsReader>().ReadAsync(CancellationToken.None));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await coordinator.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task TheNames_AreTheseAndNoOthers() =>
        await Eventually.HoldsAsync(async () =>
            TypeLine().Matches(await ScrapeAsync()).Select(match => match.Groups[1].Value).Should().BeEquivalentTo(Names));

    [Test]
    public async Task AScrape_CountsAndTimesTheTransaction() => await Eventually.HoldsAsync(async () =>
    {
        var metrics = await ScrapeAsync();
        metrics.Should().MatchRegex("""txmsg_prepares_total\{(kind="half",outcome="created"|outcome="created",kind="half")\} [0-9]+""")
            .And.MatchRegex("""txmsg_verdicts_total\{[^}]*source="producer"[^}]*\} [0-9]+""")
            .And.Contain("txmsg_delivery_attempts_total{outcome=\"delivered\"}")
            .And.Contain("txmsg_commit_to_delivered_seconds_bucket{le=\"86400\"}")
            .And.Contain("txmsg_prepare_duration_seconds_bucket{le=\"0.0005\"}")
            .And.Contain("txmsg_group_commit_batch_size_count")
            .And.Contain("txmsg_messages{state=\"prepared\"} 1\n")
            .And.Contain("txmsg_messages{state=\"committed\"} 1\n")
            .And.Contain("txmsg_subscription_backlog{subscription=\"billing\"}")
            .And.NotContain("otel_scope").And.NotContain("target_info");
    });

    [Test]
    public async Task ManySubscriptions_AreAllShown()
    {
        var newest = await coordinator.Get<StatsReader>().ReadAsync(CancellationToken.None);
        var one = newest.Subscriptions.Single();
        var many = new StatsSample
        {
            At = newest.At,
            Undecided = newest.Undecided,
            Finished = newest.Finished,
            Subscriptions = Enumerable.Range(0, 3_000).Select(i => one with { Subscription = one.Subscription with { Name = $"many-{i}" } }).ToArray(),
            Alerts = newest.Alerts,
        };

        await Eventually.HoldsAsync(async () =>
        {
            // The sampler shows what is there, every ten seconds.
            coordinator.Get<StatsGauges>().Show(many);
            (await ScrapeAsync()).Should().Contain("txmsg_subscription_dead_letters{subscription=\"many-2999\"}").And.NotContain("overflow");
        });
        coordinator.Get<StatsGauges>().Show(newest);
    }

    private Task<string> ScrapeAsync() => coordinator.Http.GetStringAsync("/metrics");

    [GeneratedRegex("^# TYPE ([a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
