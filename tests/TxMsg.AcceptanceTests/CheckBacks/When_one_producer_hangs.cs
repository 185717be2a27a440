namespace TxMsg.AcceptanceTests.CheckBacks;

public sealed class When_one_producer_hangs(StoreKind store) : CoordinatorFixture(store)
{
    private const int Hanging = 100;

    // More than a node has workers for.
    private const int Many = 40;

    // Twice as many as a producer is asked at once.
    private const int Places = 128;

    protected override Settings Configure(Settings settings) => settings.With("TxMsg:CheckBacks:Timeout", "00:00:20");

    [Test]
    public async Task AnotherProducer_IsAskedWithoutDelay()
    {
        var dead = await RegisterProducerAsync();
        dead.CheckBacks.AnswerOtherwise(Answer.Hang);
        var alive = await RegisterProducerAsync();
        alive.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Commit));
        var rows = Enumerable.Repeat(dead.Message("orders") with { CheckBackAfterSeconds = 1 }, Hanging);
        (await Api.PostAsync("/v1/messages/batch", new { messages = rows })).Expect(200);
        await Eventually.HoldsAsync(() => dead.CheckBacks.Inbox.Received.Should().NotBeEmpty());

        var id = await alive.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 1 });

        // well before the first hanging question times out
        await alive.CheckBacks.AskedAsync(id, within: TimeSpan.FromSeconds(12));
        await WaitForStateAsync(id, MessageStates.Committed);
    }

    [Test]
    public async Task AnotherProducer_IsAskedWithoutDelay_HoweverManyHang()
    {
        var dead = new List<Producer>();
        for (var i = 0; i < Many; i++) dead.Add(await RegisterProducerAsync());
        foreach (var one in dead)
        {
            one.CheckBacks.AnswerOtherwise(Answer.Hang);
            await one.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 1 });
        }

        await Eventually.HoldsAsync(() => dead[0].CheckBacks.Inbox.Received.Should().NotBeEmpty());
        await ShouldBeAskedAsync();
    }

    [Test]
    public async Task AnotherProducer_IsAskedWithoutDelay_HoweverManyWereAskedForByHand()
    {
        var dead = await RegisterProducerAsync();
        dead.CheckBacks.AnswerOtherwise(Answer.Hang);
        for (var i = 0; i < Many; i++) (await Api.CheckBackAsync(await dead.PrepareAsync("orders"))).Expect(202);

        await ShouldBeAskedAsync();
    }

    [Test]
    public async Task WhatIsAskedByHand_HasItsBounds()
    {
        var dead = await RegisterProducerAsync();
        dead.CheckBacks.AnswerOtherwise(Answer.Hang);
        var first = await dead.PrepareAsync("orders");
        for (var i = 0; i < Many; i++) (await Api.CheckBackAsync(first)).Expect(202);

        for (var i = 1; i < Places; i++) (await Api.CheckBackAsync(await dead.PrepareAsync("orders"))).Expect(202);
        var refused = (await Api.CheckBackAsync(await dead.PrepareAsync("orders"))).Expect(503);

        refused.ShouldBeAProblem();
        refused.Header("Retry-After").Should().Be("1");
        (await Api.CheckBackAsync(first)).Expect(202);
        await ShouldBeAskedAsync();
        dead.CheckBacks.Inbox.Received.Count(request => request.MessageId == first).Should().Be(1);
        (await Api.TimelineAsync(first)).Of(Timeline.OperatorAction).Should().ContainSingle();
    }

    private async Task ShouldBeAskedAsync()
    {
        var alive = await RegisterProducerAsync();
        alive.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Commit));
        var id = await alive.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 1 });
        await alive.CheckBacks.AskedAsync(id, within: TimeSpan.FromSeconds(12));
        await WaitForStateAsync(id, MessageStates.Committed);
    }
}
