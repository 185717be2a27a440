namespace TxMsg.AcceptanceTests.CheckBacks;

public sealed class When_an_operator_asks_by_hand(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task TheProducer_IsAskedNow()
    {
        var shop = await RegisterProducerAsync();
        // by the clock it would be asked in an hour
        var id = await shop.PrepareAsync(Unique.Name("orders"));
        shop.CheckBacks.Decide(id, Verdicts.Rollback);

        (await Api.CheckBackAsync(id)).Expect(202);

        await shop.CheckBacks.AskedAsync(id);
        await WaitForStateAsync(id, MessageStates.RolledBack);
    }

    [Test]
    public async Task ADecidedMessage_IsNotAskedAbout()
    {
        var shop = await RegisterProducerAsync();
        var id = await shop.SendAsync(Unique.Name("orders"));

        (await Api.CheckBackAsync(id)).Expect(409).Text("verdict").Should().Be(Verdicts.Commit);
    }

    [Test]
    public async Task AMessageNobodySent_IsNotFound()
    {
        (await Api.CheckBackAsync(Unique.Id())).Expect(404).ShouldBeAProblem();
    }
}
