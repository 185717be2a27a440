namespace TxMsg.AcceptanceTests.CheckBacks;

public sealed class When_a_producer_never_knows(StoreKind store) : CoordinatorFixture(store)
{
    private const int MaxUnknownAnswers = 2;

    [Test]
    public async Task TheMessage_IsParkedAfterTheLastUnknownAnswer()
    {
        var (shop, id) = await ParkAsync();

        shop.CheckBacks.Inbox.Of(id).Should().HaveCount(MaxUnknownAnswers);
        var message = await Api.MessageAsync(id);
        message.Text("nextCheckBackAt").Should().BeNull("a parked message waits for a verdict, not for a time");
        message.Json.Number("checkBacks").Should().Be(MaxUnknownAnswers);
        message.Text("decidedAt").Should().BeNull();
    }

    [Test]
    public async Task ALateCommit_DeliversTheParkedMessage()
    {
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var (_, id) = await ParkAsync(billing.Topic);

        (await Api.CommitAsync(id)).Expect(200).State.Should().Be(MessageStates.Committed);

        await billing.Inbox.WaitForAsync(id);
    }

    [Test]
    public async Task ALateRollback_EndsTheParkedMessage()
    {
        var (_, id) = await ParkAsync();

        (await Api.RollbackAsync(id)).Expect(200).State.Should().Be(MessageStates.RolledBack);
    }

    [Test]
    public async Task AnOperator_CanAskAgainAboutAParkedMessage()
    {
        var (shop, id) = await ParkAsync();
        shop.CheckBacks.Decide(id, Verdicts.Commit);

        (await Api.CheckBackAsync(id, "the shop is mended")).Expect(202);

        await WaitForStateAsync(id, MessageStates.Committed);
        (await Api.TimelineAsync(id)).Of(Timeline.OperatorAction).Should()
            .Contain(action => action.Text("reason") == "the shop is mended");
    }

    [Test]
    public async Task AParkedMessage_CanBeFound()
    {
        var (shop, id) = await ParkAsync();

        var parked = await Api.GetAsync($"/v1/messages?state=parked&producer={shop.Name}");

        parked.Expect(200).Items.Should().ContainSingle().Which.Text("id").Should().Be(id);
    }

    private async Task<(Producer Shop, string Id)> ParkAsync(string? topic = null)
    {
        var shop = await RegisterProducerAsync(producer => producer with { MaxUnknownAnswers = MaxUnknownAnswers });
        var id = await shop.PrepareAsync(
            topic ?? Unique.Name("orders"), message => message with { CheckBackAfterSeconds = 1 });
        await WaitForStateAsync(id, MessageStates.Parked);
        return (shop, id);
    }
}
