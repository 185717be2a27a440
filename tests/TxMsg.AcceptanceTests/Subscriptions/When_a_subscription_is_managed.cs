namespace TxMsg.AcceptanceTests.Subscriptions;

public sealed class When_a_subscription_is_managed(StoreKind store) : CoordinatorFixture(store)
{
    [Test]
    public async Task Creating_ShowsItsSecretOnce()
    {
        var name = Unique.Name("billing");
        var body = new NewSubscription("orders", Receiver.Open().Url)
        {
            Tags = ["paid"], Ordered = true, MaxConcurrency = 3, TimeoutSeconds = 7, RetryScheduleSeconds = [2, 4],
        };

        var created = (await Api.PutAsync($"/v1/subscriptions/{name}", body)).Expect(201);

        created.Text("secret").Should().StartWith("whsec_");
        var read = (await Api.SubscriptionAsync(name)).Expect(200);
        read.Text("secret").Should().BeNull();
        read.Text("name").Should().Be(name);
        read.Text("topic").Should().Be("orders");
        read.Text("endpoint").Should().Be(body.Endpoint.ToString());
        read.State.Should().Be("active");
        read.Json["tags"]!.AsArray().Select(tag => tag!.ToString()).Should().Equal("paid");
        read.Json["ordered"]!.GetValue<bool>().Should().BeTrue();
        read.Json.Number("maxConcurrency").Should().Be(3);
        read.Json.Number("timeoutSeconds").Should().Be(7);
        read.Json["retryScheduleSeconds"]!.AsArray().Select(seconds => seconds!.GetValue<int>()).Should().Equal(2, 4);
    }

    [Test]
    public async Task Creating_WithASecret_SignsWithIt()
    {
        var secret = Unique.Secret();
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { Secret = secret });

        var id = await shop.SendAsync(billing.Topic);

        (await billing.Inbox.WaitForAsync(id))[0].IsSignedWith(secret).Should().BeTrue();
    }

    [Test]
    public async Task Updating_ChangesWhereDeliveriesGo()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var moved = Receiver.Open();

        var updated = await Api.PutAsync($"/v1/subscriptions/{billing.Subscription}", new NewSubscription(billing.Topic, moved.Url));

        updated.Expect(200).Text("secret").Should().BeNull();
        var id = await shop.SendAsync(billing.Topic);
        (await moved.WaitForAsync(id))[0].IsSignedWith(billing.Secret).Should().BeTrue("an update keeps the secret");
        billing.Inbox.Received.Should().BeEmpty();
    }

    [Test]
    public async Task TheList_ShowsIt()
    {
        var billing = await SubscribeAsync(Unique.Name("orders"));

        var listed = (await Api.GetAsync("/v1/subscriptions")).Expect(200);

        listed.Items.Should().ContainSingle(item => item.Text("name") == billing.Subscription).Which.Text("secret").Should().BeNull();
    }

    [Test]
    public async Task Pausing_HoldsDeliveriesBackUntilItIsResumed()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var witness = await SubscribeAsync(billing.Topic);
        (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/pause")).Expect(200).State.Should().Be("paused");

        var id = await shop.SendAsync(billing.Topic);
        await witness.Inbox.WaitForAsync(id);
        billing.Inbox.Received.Should().BeEmpty();
        (await Api.SubscriptionAsync(billing.Subscription)).Json.Number("pending").Should().Be(1);

        (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/resume")).Expect(200).State.Should().Be("active");
        await billing.Inbox.WaitForAsync(id);
    }

    [TestCase("raeson=x")]
    [TestCase("reason=x&reason=y")]
    public async Task Deleting_WithAMisspeltReason_DeletesNothing(string query)
    {
        var billing = await SubscribeAsync(Unique.Name("orders"));

        (await Api.DeleteAsync($"/v1/subscriptions/{billing.Subscription}?{query}")).ShouldBeInvalid(query.Split('=')[0]);

        (await Api.SubscriptionAsync(billing.Subscription)).Expect(200);
    }

    [Test]
    public async Task Deleting_EndsItsDeliveries()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var witness = await SubscribeAsync(billing.Topic);

        (await Api.DeleteAsync($"/v1/subscriptions/{billing.Subscription}")).Expect(204);

        var id = await shop.SendAsync(billing.Topic);
        await witness.Inbox.WaitForAsync(id);
        billing.Inbox.Received.Should().BeEmpty();
        (await Api.SubscriptionAsync(billing.Subscription)).Expect(404);
        (await Api.DeleteAsync($"/v1/subscriptions/{billing.Subscription}")).Expect(404);
    }

    [Test]
    public async Task Deleting_GivesUpWhatWaits_AndSaysSoAtOnce()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [3600] });
        billing.Inbox.AnswerWith(new Answer(500));
        var id = await shop.SendAsync(billing.Topic);
        await billing.Inbox.WaitForAsync(id);
        await WaitForDeliveryAsync(id, billing, DeliveryStates.Pending);

        (await Api.DeleteAsync($"/v1/subscriptions/{billing.Subscription}")).Expect(204);

        var delivery = (await Api.MessageAsync(id)).Json["deliveries"]!.AsArray().Should().ContainSingle().Subject!.AsObject();
        delivery.Text("state").Should().Be(DeliveryStates.Discarded);
        delivery.Text("nextAttemptAt").Should().BeNull();
    }

    [Test]
    public async Task ALaterSubscription_GetsOnlyWhatIsCommittedAfterIt()
    {
        var shop = await RegisterProducerAsync();
        var topic = Unique.Name("orders");
        var before = await shop.SendAsync(topic);
        var half = await shop.PrepareAsync(topic);
        var billing = await SubscribeAsync(topic);

        (await Api.CommitAsync(half)).Expect(200);

        await billing.Inbox.WaitForAsync(half);
        await SendAMarkerAsync(shop, billing);
        billing.Inbox.Of(before).Should().BeEmpty();
    }

    [Test]
    public async Task MadeAndDeletedAtOnce_EachIsAnswered()
    {
        var name = Unique.Name("billing");
        var body = new NewSubscription(Unique.Name("orders"), Receiver.Open().Url);

        var made = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RepeatAsync(100, () => Api.PutAsync($"/v1/subscriptions/{name}", body))));
        var deleted = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RepeatAsync(100, () => Api.DeleteAsync($"/v1/subscriptions/{name}"))));

        (await made).SelectMany(statuses => statuses).Should().OnlyContain(status => status == 200 || status == 201);
        (await deleted).SelectMany(statuses => statuses).Should().OnlyContain(status => status == 204 || status == 404);

        static async Task<int[]> RepeatAsync(int times, Func<Task<Reply>> call)
        {
            var statuses = new int[times];
            for (var i = 0; i < times; i++) statuses[i] = (int)(await call()).Status;
            return statuses;
        }
    }

    [Test]
    public async Task ItsCounts_FollowItsDeliveries()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(
            Unique.Name("orders"), subscription => subscription with { MaxConcurrency = 1, RetryScheduleSeconds = [600] });
        billing.Inbox.AnswerInTurn(new Answer(422), new Answer(500), Answer.Hang);
        await shop.SendManyAsync(billing.Topic, 3);

        await Eventually.HoldsAsync(async () =>
        {
            var subscription = (await Api.SubscriptionAsync(billing.Subscription)).Json;
            subscription.Number("deadLettered").Should().Be(1);
            subscription.Number("pending").Should().Be(1);
            subscription.Number("leased").Should().Be(1);
        });
    }

    [TestCase("topic", """{"endpoint":"http://127.0.0.1:1/x"}""")]
    [TestCase("endpoint", """{"topic":"orders"}""")]
    [TestCase("endpoint", """{"topic":"orders","endpoint":"not a url"}""")]
    [TestCase("endpoint", """{"topic":"orders","endpoint":"ftp://127.0.0.1/x"}""")]
    [TestCase("endpoint", """{"topic":"orders","endpoint":"http://user:secret@127.0.0.1/x"}""")]
    [TestCase("maxConcurrency", """{"topic":"orders","endpoint":"http://127.0.0.1:1/x","maxConcurrency":0}""")]
    [TestCase("timeoutSeconds", """{"topic":"orders","endpoint":"http://127.0.0.1:1/x","timeoutSeconds":0}""")]
    [TestCase("retryScheduleSeconds", """{"topic":"orders","endpoint":"http://127.0.0.1:1/x","retryScheduleSeconds":[1,-1]}""")]
    [TestCase("secret", """{"topic":"orders","endpoint":"http://127.0.0.1:1/x","secret":"short"}""")]
    [TestCase("colour", """{"topic":"orders","endpoint":"http://127.0.0.1:1/x","colour":"red"}""")]
    public async Task AWrongValue_IsRefusedByItsField(string field, string json)
    {
        var reply = await Api.PutAsync($"/v1/subscriptions/{Unique.Name("wrong")}", json);

        reply.Expect(400).ShouldBeAProblem();
        reply.Content.Should().Contain(field);
    }
}
