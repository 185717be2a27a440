using System.Collections.Concurrent;
using System.Diagnostics;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Observability;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Observability;

[NonParallelizable]
public sealed class TracingTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";
    private const string Sent = $"00-{Trace}-{Span}-01";

    private TestCoordinator coordinator = null!;
    private Inbox inbox = null!;

    [SetUp]
    public async Task StartAsync()
    {
        inbox = await Inbox.OpenAsync();
        coordinator = TestCoordinator.Start();
        await coordinator.RegisterAsync("shop", "billing", "orders", inbox.Url);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await coordinator.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task WhereTracesAreRecorded_PrepareAndDeliveryAreInTheProducersTrace()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);

        var id = await coordinator.PrepareAsync("shop", "orders", ("traceparent", Sent));
        await coordinator.CommitAsync(id);
        var delivered = await DeliveredAsync();

        await Eventually.HoldsAsync(() => spans.Should().Contain(span => span.OperationName == "deliver"));
        var prepare = spans.First(span => span.TraceId.ToHexString() == Trace && span.OperationName.Contains("HttpRequestIn", StringComparison.Ordinal));
        var deliver = spans.Single(span => span.OperationName == "deliver");
        var commit = spans.Single(span => span.OperationName == "commit");
        prepare.ParentSpanId.ToHexString().Should().Be(Span);
        deliver.TraceId.ToHexString().Should().Be(Trace);
        deliver.ParentSpanId.Should().Be(prepare.SpanId);
        deliver.GetTagItem("txmsg.subscription").Should().Be("billing");
        delivered["traceparent"].Should().Be(deliver.Id);
        commit.Links.Should().ContainSingle().Which.Context.SpanId.Should().Be(prepare.SpanId);
        commit.GetTagItem("messaging.message.id").Should().Be(id);
    }

    [Test]
    public async Task WhereNobodyListens_NoSpanIsMadeAndTheProducersTraceGoesOn()
    {
        var id = await coordinator.PrepareAsync("shop", "orders", ("traceparent", Sent), ("baggage", "user=7"), ("tracestate", "a=b"));
        await coordinator.CommitAsync(id);

        var delivered = await DeliveredAsync();

        delivered["traceparent"].Should().MatchRegex($"^00-{Trace}-[0-9a-f]{{16}}-01$").And.NotContain(Span);
        delivered.Headers.Keys.Should().NotContain("baggage").And.NotContain("tracestate");
    }

    [TestCase($"00-00000000000000000000000000000000-{Span}-01")]
    [TestCase("not a trace")]
    public async Task AnInvalidTraceParent_IsNotPassedOn(string sent)
    {
        var id = await coordinator.PrepareAsync("shop", "orders", ("traceparent", sent));
        await coordinator.CommitAsync(id);

        (await DeliveredAsync()).Headers.Keys.Should().NotContain("traceparent");
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Tracing.SourceName or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private async Task<Received> DeliveredAsync()
    {
        await Eventually.HoldsAsync(() => inbox.Requests.Should().NotBeEmpty());
        return inbox.Requests.First();
    }
}
