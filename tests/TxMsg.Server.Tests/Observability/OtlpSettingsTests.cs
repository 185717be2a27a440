using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TxMsg.Server.Observability;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Tests.Hosting;
using TestFolder = TxMsg.Server.Tests.Hosting.TestFolder;

namespace TxMsg.Server.Tests.Observability;

// Whether requests are traced is a matter of the whole process.
[NonParallelizable]
public sealed class OtlpSettingsTests
{
    [Test]
    public void WithoutVariables_NothingLeaves()
    {
        var settings = Settings();

        settings.ExportsMetrics.Should().BeFalse();
        settings.ExportsTraces.Should().BeFalse();
        settings.ServiceName.Should().Be("txmsg");
    }

    [Test]
    public void AnEndpointForAll_TakesMetricsAndTraces()
    {
        var settings = Settings("OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317");

        settings.ExportsMetrics.Should().BeTrue();
        settings.ExportsTraces.Should().BeTrue();
    }

    [Test]
    public void AnEndpointForOneSignal_TakesThatSignal()
    {
        var settings = Settings("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://collector:4318/v1/traces");

        settings.ExportsMetrics.Should().BeFalse();
        settings.ExportsTraces.Should().BeTrue();
    }

    [TestCase("OTEL_TRACES_EXPORTER=none")]
    [TestCase("OTEL_SDK_DISABLED=true")]
    public void WhatIsSwitchedOff_DoesNotLeave(string variable) =>
        Settings("OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", variable).ExportsTraces.Should().BeFalse();

    [TestCase("OTEL_SERVICE_NAME=orders-txmsg")]
    [TestCase("OTEL_RESOURCE_ATTRIBUTES=deployment.environment=test,service.name=orders-txmsg")]
    public void TheServicesName_CanBeSet(string variable) => Settings(variable).ServiceName.Should().Be("orders-txmsg");

    [Test]
    public void ASignalsOwnVariables_OutrankThoseForAll()
    {
        var settings = Settings(
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://traces:4318/push",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", "OTEL_EXPORTER_OTLP_TRACES_HEADERS=tenant=7");
        var (traces, metrics) = (new OtlpExporterOptions(), new OtlpExporterOptions());
        var untouched = metrics.Endpoint;

        settings.DirectTraces(traces);
        settings.DirectMetrics(metrics);

        traces.Should().BeEquivalentTo(new { Endpoint = new Uri("http://traces:4318/push"), Protocol = OtlpExportProtocol.HttpProtobuf, Headers = "tenant=7" });
        metrics.Endpoint.Should().Be(untouched, "the exporter reads by itself what is for all signals");
    }

    [TestCase("METRICS", "POST /push/metrics")]
    [TestCase("TRACES", "POST /push/traces")]
    public async Task WhatIsSent_GoesToTheSignalsOwnEndpoint(string signal, string expected)
    {
        using var folder = new TestFolder();
        await using var collector = await Collector.OpenAsync();
        await using var server = await RunningServer.StartAsync(
            folder, $"--OTEL_EXPORTER_OTLP_{signal}_ENDPOINT={collector.Address}push/{signal.ToLowerInvariant()}", $"--OTEL_EXPORTER_OTLP_{signal}_PROTOCOL=http/protobuf");

        (await server.SendAsync("GET", "/v1/producers")).Dispose();
        server.App.Services.GetService<MeterProvider>()?.ForceFlush();
        server.App.Services.GetService<TracerProvider>()?.ForceFlush();

        await Eventually.HoldsAsync(() => collector.Requests.Should().Contain(expected));
    }

    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317", "it must be an absolute http or https URL.")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=not a url", "it must be an absolute http or https URL.")]
    [TestCase("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=/v1/traces", "it must be an absolute http or https URL.")]
    [TestCase("OTEL_EXPORTER_OTLP_PROTOCOL=udp", "it must be grpc or http/protobuf.")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/json", "it must be grpc or http/protobuf.")]
    public async Task AWrongVariable_IsNamed(string variable, string rule)
    {
        using var folder = new TestFolder();
        var (name, value) = (variable.Split('=')[0], variable.Split('=')[1]);

        var line = await RunningServer.FailAsync(folder, "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "--" + variable);

        line.Should().Be($"TxMsg cannot start: {name} is '{value}'; {rule}");
    }

    [Test]
    public async Task WhatIsNotUsed_IsNotJudged()
    {
        using var folder = new TestFolder();

        (await RunningServer.FailAsync(folder, "--OTEL_EXPORTER_OTLP_ENDPOINT=nowhere", "--OTEL_SDK_DISABLED=true")).Should().Be("It started.");
    }

    private static OtlpSettings Settings(params string[] variables) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable.Split('=', 2)[0], (string?)variable.Split('=', 2)[1])))
        .Build());
}
