namespace TxMsg.AcceptanceTests.Limits;

public sealed class When_limits_are_reached(StoreKind store) : CoordinatorFixture(store)
{
    private const int Burst = 300;

    protected override Settings Configure(Settings settings) => settings
        .With("TxMsg:Limits:MaxPayloadBytes", "1024")
        .With("TxMsg:Limits:WriteQueueLength", "4");

    [Test]
    public async Task TheConfiguredPayloadLimit_Counts()
    {
        var shop = await RegisterProducerAsync();
        var message = shop.Message("orders") with { Payload = null };

        (await Api.PostAsync("/v1/messages", message with { PayloadBase64 = Convert.ToBase64String(new byte[1024]) })).Expect(201);
        (await Api.PostAsync("/v1/messages", message with { PayloadBase64 = Convert.ToBase64String(new byte[1025]) })).Expect(413);
    }

    [Test]
    public async Task AFullWriteQueue_SaysWhenToComeBackAndLosesNothing()
    {
        var shop = await RegisterProducerAsync();
        var acknowledged = new List<string>();

        await Eventually.ReadAsync(
            async () =>
            {
                var replies = await Task.WhenAll(
                    Enumerable.Range(0, Burst).Select(_ => Api.PostAsync("/v1/messages", shop.Message("orders"))));
                acknowledged.AddRange(replies.Where(reply => reply.Status == 201).Select(reply => reply.Id));
                return replies;
            },
            replies => replies.Any(reply => reply.Expect(reply.Status == 201 ? 201 : 503).Status == 503 && reply.Header("Retry-After") is not null),
            "a burst that is too much for a queue of four");

        acknowledged.Should().OnlyHaveUniqueItems();
        foreach (var id in acknowledged.TakeLast(20))
        {
            (await Api.MessageAsync(id)).Expect(200);
        }
    }
}
