namespace TxMsg.AcceptanceTests.CheckBacks;

public sealed class When_one_producer_hangs(StoreKind store) : CoordinatorFixture(store)
{
    private const int Hanging = 100;

    // More than a node has workers for.
    private const int Many = 40;

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

    private async Task ShouldBeAskedAsync()
    {
        var alive = await RegisterProducerAsync();
        alive.CheckBacks.AnswerOtherwise(Answer.Verdict(Verdicts.Commit));
        var id = await alive.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 1 });
        await alive.CheckBacks.AskedAsync(id, within: TimeSpan.FromSeconds(12));
        await WaitForStateAsync(id, MessageStates.Committed);
    }
}
