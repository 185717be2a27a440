namespace TxMsg.AcceptanceTests.Deliveries;

public sealed class When_an_address_is_forbidden(StoreKind store) : CoordinatorFixture(store)
{
    [TestCase("http://169.254.169.254/latest/meta-data", TestName = "TheMetadataService_IsNeverCalled")]
    [TestCase("http://10.0.0.1/hook", TestName = "APrivateAddress_IsNeverCalled")]
    [TestCase("http://[::ffff:10.0.0.1]/hook", TestName = "AMappedPrivateAddress_IsNeverCalled")]
    [TestCase("http://[64:ff9b::a00:1]/hook", TestName = "ATranslatedPrivateAddress_IsNeverCalled")]
    public async Task AForbiddenAddress_IsRefusedAtRegistrationOrAtEveryAttempt(string endpoint)
    {
        var shop = await RegisterProducerAsync();
        var topic = Unique.Name("orders");
        var name = Unique.Name("forbidden");
        var body = new NewSubscription(topic, new Uri(endpoint)) { RetryScheduleSeconds = [1] };
        var registered = await Api.PutAsync($"/v1/subscriptions/{name}", body);
        if (registered.Status == 400)
        {
            registered.ShouldBeInvalid("endpoint");
            return;
        }

        var id = await shop.SendAsync(topic);

        // refused on the spot: waiting for a connection would take longer than these deadlines allow
        var message = await Eventually.ReadAsync(
            () => Api.MessageAsync(id),
            message => message.Delivery(name).Text("state") == DeliveryStates.DeadLettered,
            "the delivery to be given up",
            TimeSpan.FromSeconds(15));
        message.Delivery(name).Text("lastStatus").Should().BeNull();
        message.Delivery(name).Text("lastError").Should().NotBeNullOrEmpty();
    }
}
