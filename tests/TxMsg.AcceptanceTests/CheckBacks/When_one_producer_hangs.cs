namespace TxMsg.AcceptanceTests.CheckBacks;

public sealed class When_one_producer_hangs(StoreKind store) : CoordinatorFixture(store)
{
    private const int Hanging = 100;

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
}
