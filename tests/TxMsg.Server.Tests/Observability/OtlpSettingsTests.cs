using FluentAssertions;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Tests.Observability;

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

    private static OtlpSettings Settings(params string[] variables) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable.Split('=', 2)[0], (string?)variable.Split('=', 2)[1])))
        .Build());
}
