using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Observability;

public sealed class When_the_history_is_read(StoreKind store) : OwnCoordinatorFixture(store)
{
    private static readonly string[] Counts = ["prepared", "committed", "rolledBack", "delivered", "failed", "deadLettered"];

    protected override Settings Configure(Settings settings) => settings.With("TxMsg:Nodes:HeartbeatInterval", "00:00:01");

    [Test]
    public async Task TheSums_AreWhatHappened_AlsoAfterAStop()
    {
        await SendAsync();
        await ShouldSumUpToAsync(prepared: 7, committed: 7, rolledBack: 1, delivered: 5, failed: 3, deadLettered: 2);

        (await Coordinator.StopAsync()).Should().Be(0);
        await Coordinator.StartAsync();
        await ShouldSumUpToAsync(prepared: 7, committed: 7, rolledBack: 1, delivered: 5, failed: 3, deadLettered: 2);
        await SendAsync();
        await ShouldSumUpToAsync(prepared: 14, committed: 14, rolledBack: 2, delivered: 10, failed: 6, deadLettered: 4);

        var points = await PointsAsync();
        points.Should().HaveCount(60);
        var withLatency = points.Where(point => point["commitToDeliveredP50Seconds"] is not null).ToArray();
        withLatency.Should().NotBeEmpty().And.OnlyContain(point => point.Number("delivered") > 0);
        withLatency.Should().OnlyContain(point => point.Number("commitToDeliveredP99Seconds") >= point.Number("commitToDeliveredP50Seconds"));
    }

    [Test]
    public async Task WhatWasWritten_SurvivesAKill()
    {
        await SendAsync();
        await ShouldSumUpToAsync(prepared: 7, committed: 7, rolledBack: 1, delivered: 5, failed: 3, deadLettered: 2);

        await Coordinator.KillAndRestartAsync();

        await ShouldSumUpToAsync(prepared: 7, committed: 7, rolledBack: 1, delivered: 5, failed: 3, deadLettered: 2);
    }

    [Test]
    public async Task TheSteps_AreAsAskedFor()
    {
        var hour = (await Api.GetAsync("/v1/stats/history?minutes=120&stepSeconds=300")).Expect(200);
        hour.Json.Number("stepSeconds").Should().Be(300);
        hour.List("points").Should().HaveCount(24).And.OnlyContain(point => Counts.All(count => point[count] != null));
        (await Api.GetAsync("/v1/stats/history?minutes=10080")).Expect(200).List("points").Should().HaveCountLessThanOrEqualTo(1440);
        (await Api.GetAsync("/v1/stats/history?minutes=10081")).Expect(400).Json.Object("errors").Should().ContainKey("minutes");
        (await Api.GetAsync("/v1/stats/history?stepSeconds=45")).Expect(400).Json.Object("errors").Should().ContainKey("stepSeconds");
    }

    [Test]
    public async Task TheOverview_HasItAll()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.PrepareAsync("orders");

        var overview = await Eventually.ReadAsync(
            async () => (await Api.GetAsync("/v1/overview")).Expect(200).Json,
            found => found.Object("stats").Object("messages").Number("prepared") == 1 && found.List("nodes").Count == 1, "the half message and the node");

        overview.Object("oldestHalfMessage").Text("id").Should().Be(id);
        overview.Object("oldestHalfMessage").Text("producer").Should().Be(shop.Name);
        overview.List("alerts").Should().BeEmpty();
        overview.List("nodes").Single().Text("state").Should().Be("alive");
    }

    [Test]
    public async Task TheStats_ContainWhatWasWrittenBefore()
    {
        var shop = await RegisterProducerAsync();
        for (var i = 1; i <= 5; i++)
        {
            await shop.PrepareAsync("orders");
            (await Api.GetAsync("/v1/stats")).Expect(200).Json.Object("messages").Number("prepared").Should().Be(i);
        }
    }

    // 7 half messages, of which 5 are committed and delivered or not, 1 rolled back, 1 left; and 2 ordinary messages that are rejected.
    private async Task SendAsync()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var picky = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerInTurn(new Answer(500), Answer.Ok);
        picky.Inbox.AnswerWith(new Answer(422));
        foreach (var id in await shop.SendManyAsync(billing.Topic, 5)) await WaitForDeliveryAsync(id, billing, DeliveryStates.Delivered);
        (await Api.RollbackAsync(await shop.PrepareAsync(billing.Topic))).Expect(200);
        await shop.PrepareAsync(billing.Topic);
        for (var i = 0; i < 2; i++)
        {
            var ordinary = await Api.PostAsync("/v1/messages", shop.Message(picky.Topic) with { Verdict = Verdicts.Commit });
            await WaitForDeliveryAsync(ordinary.Expect(201).Id, picky, DeliveryStates.DeadLettered);
        }
    }

    private Task ShouldSumUpToAsync(int prepared, int committed, int rolledBack, int delivered, int failed, int deadLettered) => Eventually.HoldsAsync(async () =>
    {
        var points = await PointsAsync();
        Counts.Select(count => points.Sum(point => point.Number(count))).Should().Equal(prepared, committed, rolledBack, delivered, failed, deadLettered);
    });

    private async Task<IReadOnlyList<JsonObject>> PointsAsync() => (await Api.GetAsync("/v1/stats/history?minutes=60")).Expect(200).List("points");
}
