namespace TxMsg.AcceptanceTests.Limits;

public sealed class When_a_payload_is_too_long(StoreKind store) : CoordinatorFixture(store)
{
    protected override Settings Configure(Settings settings) => settings.With("TxMsg:Limits:MaxPayloadBytes", "1024");

    [Test]
    public async Task TheConfiguredPayloadLimit_Counts()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message("orders") with { Payload = null };

        (await Api.PostAsync("/v1/messages", message with { PayloadBase64 = Convert.ToBase64String(new byte[1024]) })).Expect(201);
        (await Api.PostAsync("/v1/messages", message with { PayloadBase64 = Convert.ToBase64String(new byte[1025]) })).Expect(413);
    }
}
