namespace TxMsg.AcceptanceTests.Limits;

public sealed class When_the_write_queue_is_full(StoreKind store) : CoordinatorFixture(store)
{
    private const int Burst = 300;

    protected override Settings Configure(Settings settings) => settings.With("TxMsg:Limits:WriteQueueLength", "4");

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
