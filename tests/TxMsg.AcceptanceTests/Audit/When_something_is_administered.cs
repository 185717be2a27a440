using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Audit;

public sealed class When_something_is_administered(StoreKind store) : KeyedCoordinatorFixture(store)
{
    [Test]
    public async Task AProducer_LeavesItsStory()
    {
        var shop = await RegisterProducerAsync();
        var url = Receiver.Open().Url;
        (await Api.PutAsync($"/v1/producers/{shop.Name}", new { checkBackUrl = url, maxUnknownAnswers = 3, reason = "it moved" })).Expect(200);
        (await Api.PutAsync($"/v1/producers/{shop.Name}", new { checkBackUrl = url, maxUnknownAnswers = 3, reason = "again" })).Expect(200);
        (await Api.PostAsync($"/v1/producers/{shop.Name}/rotate-secret", new { reason = "a leak" })).Expect(200);
        var keyId = (await Api.PostAsync($"/v1/producers/{shop.Name}/keys", new { reason = "a new host" })).Expect(201).Text("keyId")!;
        (await Api.DeleteAsync($"/v1/producers/{shop.Name}/keys/{keyId}?reason=too%20many")).Expect(204);

        var entries = await AuditAsync($"producer={shop.Name}");

        entries.Select(entry => (entry.Text("action"), entry.Text("reason"))).Should().Equal(
            ("deleteKey", "too many"), ("createKey", "a new host"), ("rotateProducerSecret", "a leak"), ("changeProducer", "it moved"), ("createProducer", null));
        entries.Should().OnlyContain(entry => entry.Text("actor") == "admin" && entry.Text("producer") == shop.Name && entry.Text("subscription") == null && entry.Text("messageId") == null);
        entries[3].Text("detail").Should().Be($"checkBackUrl: {shop.CheckBacks.Inbox.Url} -> {url}; maxUnknownAnswers: default -> 3");
        entries[0].Text("detail").Should().Be($"keyId: {keyId}");
    }

    [Test]
    public async Task ASubscription_LeavesItsStory_AndItsName()
    {
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var path = $"/v1/subscriptions/{billing.Subscription}";
        (await Api.PutAsync(path, new { topic = billing.Topic, endpoint = billing.Inbox.Url, ordered = true, retryScheduleSeconds = new[] { 1, 1 }, reason = "in order" })).Expect(200);
        (await Api.PostAsync(path + "/pause", new { reason = "maintenance" })).Expect(200);
        (await Api.PostAsync(path + "/pause", new { reason = "twice" })).Expect(200);
        (await Api.PostAsync(path + "/resume", new { reason = "done" })).Expect(200);
        (await Api.PostAsync(path + "/rotate-secret", new { reason = "a leak" })).Expect(200);
        (await Api.DeleteAsync(path + "?reason=" + new string('x', 1001))).ShouldBeInvalid("reason");
        (await Api.DeleteAsync(path + "?reason=no%20longer")).Expect(204);

        var entries = await AuditAsync($"subscription={billing.Subscription}");

        entries.Select(entry => (entry.Text("action"), entry.Text("reason"))).Should().Equal(
            ("deleteSubscription", "no longer"), ("rotateSubscriptionSecret", "a leak"), ("resumeSubscription", "done"), ("pauseSubscription", "maintenance"),
            ("changeSubscription", "in order"), ("createSubscription", null));
        entries.Should().OnlyContain(entry => entry.Text("actor") == "admin" && entry.Text("subscription") == billing.Subscription);
        entries[4].Text("detail").Should().Be("ordered: default -> true");
        entries[0].Text("detail").Should().Contain($"name: {billing.Subscription}").And.Contain($"topic: {billing.Topic}");
    }

    [Test]
    public async Task WhatTxMsgDoesItself_IsTxMsgs()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"));
        billing.Inbox.AnswerWith(new Answer(410));
        var id = await shop.SendAsync(billing.Topic);
        await Eventually.ReadAsync(() => Api.SubscriptionAsync(billing.Subscription), subscription => subscription.State == "paused", "the subscription to be paused");

        var paused = (await AuditAsync($"subscription={billing.Subscription}&action=pauseSubscription")).Single();

        (paused.Text("actor"), paused.Text("reason"), paused.Text("detail")).Should().Be(("txmsg", "The endpoint answered 410 Gone.", $"messageId: {id}"));
    }

    [Test]
    public async Task DeadLetters_LeaveARowForEach_WithTheMessage()
    {
        var shop = await RegisterProducerAsync();
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { RetryScheduleSeconds = [] });
        billing.Inbox.AnswerWith(new Answer(500));
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await shop.SendAsync(billing.Topic));
        foreach (var id in ids) await WaitForDeliveryAsync(id, billing, DeliveryStates.DeadLettered);

        (await Api.PostAsync("/v1/dead-letters/discard", new { subscription = billing.Subscription, reason = "test orders" })).Expect(200);

        var seen = new List<JsonObject>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await Api.GetAsync($"/v1/audit?subscription={billing.Subscription}&action=discard&limit=2&cursor={cursor}")).Expect(200);
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }

        seen.Select(entry => entry.Text("messageId")).Should().BeEquivalentTo(ids);
        seen.Should().OnlyContain(entry => entry.Text("reason") == "test orders" && entry.Text("actor") == "admin");
        // Here the administrator committed it, too.
        (await AuditAsync($"message={ids[0]}")).Select(entry => entry.Text("action")).Should().Equal("discard", "commit");
    }

    [Test]
    public async Task AProducersKey_ActsUnderTheNameOfItsProducer_AndSeesNoAudit()
    {
        // A producer may be called like the configured key.
        (await Api.PutAsync("/v1/producers/admin", new NewProducer(Receiver.Open().Url))).Expect(201);
        using var own = new Api(() => Coordinator.Address, (await Api.PostAsync("/v1/producers/admin/keys")).Expect(201).Text("key"));
        var id = (await own.PostAsync("/v1/messages", new NewMessage("admin", Unique.Name("orders")) { Payload = 1 })).Expect(201).Id;
        (await own.CheckBackAsync(id, "curious")).Expect(202);

        (await AuditAsync($"message={id}")).Single().Text("actor").Should().Be("producer:admin");
        (await own.GetAsync("/v1/audit")).Expect(403).ShouldBeAProblem();
    }

    [TestCase("action=destroy", "action")]
    [TestCase("message=4711", "message")]
    [TestCase("from=yesterday", "from")]
    [TestCase("limit=501", "limit")]
    [TestCase("cursor=first", "cursor")]
    [TestCase("who=me", "who")]
    public async Task AWrongQuery_NamesItsParameter(string query, string parameter) => (await Api.GetAsync("/v1/audit?" + query)).ShouldBeInvalid(parameter);

    private async Task<IReadOnlyList<JsonObject>> AuditAsync(string query) => (await Api.GetAsync("/v1/audit?" + query)).Expect(200).Items;
}
