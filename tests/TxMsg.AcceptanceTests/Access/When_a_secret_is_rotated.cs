namespace TxMsg.AcceptanceTests.Access;

public sealed class When_a_secret_is_rotated(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task Deliveries_AreSignedWithBothSecrets()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var rotated = (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/rotate-secret")).Expect(200).Text("secret")!;

        rotated.Should().StartWith("whsec_").And.NotBe(billing.Secret);
        var id = await shop.SendAsync(billing.Topic);
        ShouldBeSignedWithBoth((await billing.Inbox.WaitForAsync(id))[0], rotated, billing.Secret);
    }

    [Test]
    public async Task CheckBacks_AreSignedWithBothSecrets()
    {
        var shop = await RegisterProducerAsync();

        var rotated = (await Api.PostAsync($"/v1/producers/{shop.Name}/rotate-secret")).Expect(200).Text("secret")!;

        rotated.Should().StartWith("whsec_").And.NotBe(shop.Secret);
        var id = await shop.PrepareAsync("orders", message => message with { CheckBackAfterSeconds = 1 });
        ShouldBeSignedWithBoth((await shop.CheckBacks.AskedAsync(id))[0], rotated, shop.Secret);
    }

    [Test]
    public async Task RotatingAgain_CutsNobodyOff()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var secrets = new List<string> { billing.Secret };
        for (var i = 0; i < 3; i++)
            secrets.Add((await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/rotate-secret")).Expect(200).Text("secret")!);

        var id = await shop.SendAsync(billing.Topic);

        var delivery = (await billing.Inbox.WaitForAsync(id))[0];
        delivery.Signatures().Should().HaveCount(4);
        secrets.Should().OnlyContain(secret => delivery.IsSignedWith(secret), "each was shown within the day");
    }

    [TestCase("producers")]
    [TestCase("subscriptions")]
    public async Task RotatingWhatIsNotThere_IsNotFound(string kind)
    {
        (await Api.PostAsync($"/v1/{kind}/nobody/rotate-secret")).Expect(404).ShouldBeAProblem();
    }

    private static void ShouldBeSignedWithBoth(ReceivedRequest request, string rotated, string former)
    {
        request.Signatures().Should().HaveCount(2);
        request.IsSignedWith(rotated).Should().BeTrue();
        request.IsSignedWith(former).Should().BeTrue("a receiver that has not heard of the new one yet must go on");
    }
}
