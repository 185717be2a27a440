using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Observability;

public sealed class When_endpoints_are_unwell(StoreKind store) : OwnCoordinatorFixture(store)
{
    protected override Settings Configure(Settings settings) => settings.With("TxMsg:Nodes:HeartbeatInterval", "00:00:01");

    [Test]
    public async Task ASubscription_SaysHowItsEndpointAnswers_AndRemembersAfterAKill()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [600] });
        (await HealthAsync(billing)).Text("circuit").Should().Be("closed");
        var fine = await shop.SendAsync(billing.Topic);
        await WaitForDeliveryAsync(fine, billing, DeliveryStates.Delivered);
        billing.Inbox.AnswerWith(new Answer(503) { Body = "zzz <b>" });
        await shop.SendManyAsync(billing.Topic, 5);

        var health = await Eventually.ReadAsync(() => HealthAsync(billing), found => found.Text("circuit") == "open", "the circuit to open");

        health.Number("attemptsLastHour").Should().BeGreaterThanOrEqualTo(6);
        health.Number("failuresLastHour").Should().BeGreaterThanOrEqualTo(5);
        health.Number("failureRate").Should().BeInRange(0.5, 0.99);
        health.Number("lastStatus").Should().Be(503);
        health.Text("lastError").Should().Contain("zzz <b>");
        health.Text("lastSuccessAt").Should().NotBeNull();
        health.Text("openUntil").Should().NotBeNull();
        (await Api.GetAsync("/v1/subscriptions")).Items.Single().Object("health").Text("lastError").Should().Be(health.Text("lastError"));

        // What was seen is written by a later heartbeat.
        for (var i = 0; i < 2; i++)
        {
            var before = await HeartbeatAsync();
            await Eventually.HoldsAsync(async () => (await HeartbeatAsync()).Should().NotBe(before));
        }

        await Coordinator.KillAndRestartAsync();
        var remembered = await HealthAsync(billing);
        remembered.Text("lastError").Should().Be(health.Text("lastError"));
        remembered.Text("lastSuccessAt").Should().Be(health.Text("lastSuccessAt"));
        remembered.Number("failuresLastHour").Should().BeGreaterThanOrEqualTo(5);
    }

    [Test]
    public async Task AProducer_SaysHowItAnswersCheckBacks()
    {
        var shop = await RegisterProducerAsync();
        shop.CheckBacks.AnswerOtherwise(new Answer(500));
        for (var i = 0; i < 5; i++) await shop.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 1 });

        var health = await Eventually.ReadAsync(() => HealthAsync(shop), found => found.Text("circuit") == "open", "the breaker to open");
        health.Number("failureRate").Should().Be(1);
        health.Number("lastStatus").Should().Be(500);
        health.Text("lastError").Should().NotBeNullOrEmpty();
        health["lastSuccessAt"].Should().BeNull();

        shop.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Rollback));
        health = await Eventually.ReadAsync(() => HealthAsync(shop), found => found.Text("circuit") == "closed", "the breaker to close");
        health.Text("lastSuccessAt").Should().NotBeNull();
    }

    private async Task<JsonObject> HealthAsync(Consumer consumer) => (await Api.SubscriptionAsync(consumer.Subscription)).Expect(200).Json.Object("health");

    private async Task<JsonObject> HealthAsync(Producer producer) => (await Api.GetAsync($"/v1/producers/{producer.Name}")).Expect(200).Json.Object("health");

    private async Task<string?> HeartbeatAsync() => (await Api.GetAsync("/v1/nodes")).Items.FirstOrDefault()?.Text("heartbeatAt");
}
