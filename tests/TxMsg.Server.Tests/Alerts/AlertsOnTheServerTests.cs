using System.Net.Http.Json;
using System.Text.Json;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Alerts;

[NonParallelizable]
public sealed class AlertsOnTheServerTests
{
    private readonly WebhookSecret secret = WebhookSecret.Generate();

    [Test]
    public async Task ADeadLetter_IsToldLongBeforeTheIntervalIsOverAndListed()
    {
        await using var alerts = await Inbox.OpenAsync();
        await using var billing = await Inbox.OpenAsync();
        billing.Status = 422;
        await using var coordinator = TestCoordinator.Start(
            ("TxMsg:Alerts:Url", alerts.Url.ToString()), ("TxMsg:Alerts:Secret", secret.Reveal()), ("TxMsg:Alerts:CheckInterval", "01:00:00"));
        await coordinator.RegisterAsync("shop", "billing", "orders", billing.Url);

        await coordinator.CommitAsync(await coordinator.PrepareAsync("shop", "orders"));

        await Eventually.HoldsAsync(() => alerts.Requests.Should().ContainSingle());
        alerts.Requests.Single().Text("alert").Should().Be("deadLettered");
        alerts.Requests.Single().IsSignedWith(secret).Should().BeTrue();
        await Eventually.HoldsAsync(async () =>
        {
            var listed = (await coordinator.Http.GetFromJsonAsync<JsonElement>("/v1/alerts")).GetProperty("items").EnumerateArray().Should().ContainSingle().Subject;
            listed.GetProperty("alert").GetString().Should().Be("deadLettered");
            listed.GetProperty("subject").GetString().Should().Be("billing");
            listed.GetProperty("count").GetInt64().Should().Be(1);
            listed.GetProperty("notifiedAt").ValueKind.Should().Be(JsonValueKind.String, "the receiver's answer is recorded soon after it");
            listed.GetProperty("notifiedAt").GetDateTimeOffset().Should().BeAfter(listed.GetProperty("raisedAt").GetDateTimeOffset().AddSeconds(-1));
        });
    }
}
