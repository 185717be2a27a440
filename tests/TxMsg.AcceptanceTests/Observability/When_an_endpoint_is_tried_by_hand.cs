using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Observability;

public sealed class When_an_endpoint_is_tried_by_hand(StoreKind store) : CoordinatorFixture(store)
{
    private static readonly Dictionary<string, (Answer Answer, string Expected, int? Status, bool HasError)> Producers = new()
    {
        ["rollback, as is right"] = (Answer.Verdict(Verdicts.Rollback), "rollback", 200, false),
        ["unknown"] = (Answer.Verdict(Verdicts.Unknown), "unknown", 200, false),
        ["commit, which is wrong"] = (Answer.Verdict(Verdicts.Commit), "commit", 200, true),
        ["nonsense"] = (new Answer(200) { Body = "yes" }, "unreachable", 200, true),
        ["a refusal"] = (new Answer(401), "unreachable", 401, true),
        ["silence"] = (Answer.Hang, "unreachable", null, true),
    };

    private static readonly Dictionary<string, (Answer Answer, string Expected, int? Status)> Consumers = new()
    {
        ["ok"] = (Answer.Ok, "delivered", 200),
        ["broken"] = (new Answer(500) { Body = "no such table" }, "refused", 500),
        ["rejected"] = (new Answer(422), "refused", 422),
        ["gone"] = (new Answer(410), "refused", 410),
        ["silence"] = (Answer.Hang, "timedOut", null),
    };

    private static IEnumerable<string> OfProducers => Producers.Keys;

    private static IEnumerable<string> OfConsumers => Consumers.Keys;

    [TestCaseSource(nameof(OfProducers))]
    public async Task ATestCheckBack_ShowsTheAnswer(string way)
    {
        var (answer, expected, status, hasError) = Producers[way];
        var shop = await RegisterProducerAsync();
        shop.CheckBacks.AnswerOtherwise(answer);

        var tried = (await Api.PostAsync($"/v1/producers/{shop.Name}/test-check-back", new { reason = "new address" })).Expect(200).Json;

        tried["sent"]!.GetValue<bool>().Should().BeTrue();
        tried.Text("url").Should().Be(shop.CheckBacks.Inbox.Url.ToString());
        tried.Text("answer").Should().Be(expected);
        tried["status"]?.GetValue<int>().Should().Be(status);
        (tried["error"] is not null).Should().Be(hasError, "it says {0}", tried.Text("error"));
        tried.Number("latencySeconds").Should().BeGreaterThan(0);
        var asked = shop.CheckBacks.Inbox.Received.Should().ContainSingle().Subject;
        asked.IsSignedWith(shop.Secret).Should().BeTrue();
        asked.Json.Text("topic").Should().Be("txmsg.test");
        asked.Json.Text("producer").Should().Be(shop.Name);
        asked.Json.Number("attempt").Should().Be(1);
        asked.Json.Text("id").Should().Be(asked.MessageId);
        (await Api.MessageAsync(asked.MessageId)).Expect(404);
        var entry = (await Api.GetAsync($"/v1/audit?producer={shop.Name}&action=testCheckBack")).Expect(200).Items.Should().ContainSingle().Subject;
        (entry.Text("reason"), entry.Text("actor")).Should().Be(("new address", "loopback"));
    }

    [TestCaseSource(nameof(OfConsumers))]
    public async Task ATestDelivery_ShowsTheAnswer(string way)
    {
        var (answer, expected, status) = Consumers[way];
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { TimeoutSeconds = 1 });
        billing.Inbox.AnswerWith(answer);

        var tried = (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/test-delivery")).Expect(200).Json;

        tried["sent"]!.GetValue<bool>().Should().BeTrue();
        tried.Text("url").Should().Be(billing.Inbox.Url.ToString());
        tried.Text("answer").Should().Be(expected);
        tried["status"]?.GetValue<int>().Should().Be(status);
        (tried["error"] is null).Should().Be(expected == "delivered");
        if (answer.Body.Length > 0) tried.Text("error").Should().Contain(answer.Body);
        ShouldBeMarkedAsATest(billing);
        await ShouldHaveLeftNothingAsync(billing);
    }

    [Test]
    public async Task AnAddressThatNobodyListensAt_WasNotSentTo()
    {
        var nobody = new Uri($"http://127.0.0.1:{FreePort.Find()}/nobody");
        var shop = await RegisterProducerAsync(producer => producer with { CheckBackUrl = nobody });
        var billing = await SubscribeAsync(Unique.Name("orders"), subscription => subscription with { Endpoint = nobody });

        var asked = (await Api.PostAsync($"/v1/producers/{shop.Name}/test-check-back")).Expect(200).Json;
        var delivered = (await Api.PostAsync($"/v1/subscriptions/{billing.Subscription}/test-delivery")).Expect(200).Json;

        foreach (var tried in (JsonObject[])[asked, delivered])
        {
            tried["sent"]!.GetValue<bool>().Should().BeFalse();
            tried["status"].Should().BeNull();
            tried.Text("error").Should().NotBeNullOrEmpty();
        }

        (asked.Text("answer"), delivered.Text("answer")).Should().Be(("unreachable", "connectionFailed"));
    }

    [Test]
    public async Task WhoeverDoesNotExist_IsNotTried()
    {
        (await Api.PostAsync("/v1/producers/nobody/test-check-back")).Expect(404);
        (await Api.PostAsync("/v1/subscriptions/nobody/test-delivery")).Expect(404);
        var shop = await RegisterProducerAsync();
        (await Api.PostAsync($"/v1/producers/{shop.Name}/test-check-back", new { reason = new string('x', 1001) })).Expect(400);
        shop.CheckBacks.Inbox.Received.Should().BeEmpty();
    }

    private static void ShouldBeMarkedAsATest(Consumer consumer)
    {
        var came = consumer.Inbox.Received.Should().ContainSingle().Subject;
        came.IsSignedWith(consumer.Secret).Should().BeTrue();
        came.Header("ce-type").Should().Be("txmsg.test");
        came.Header("txmsg-h-txmsg-test").Should().Be("true");
        came.Header("ce-txmsgsubscription").Should().Be(consumer.Subscription);
        came.Header("ce-txmsgattempt").Should().Be("1");
        came.Header("ce-source").Should().Be("/producers/txmsg.test");
        came.Header("ce-id").Should().Be(came.MessageId);
        came.Json["txmsg-test"]!.GetValue<bool>().Should().BeTrue();
    }

    private async Task ShouldHaveLeftNothingAsync(Consumer consumer)
    {
        var subscription = (await Api.SubscriptionAsync(consumer.Subscription)).Expect(200).Json;
        subscription.Text("state").Should().Be("active", "a test pauses nothing");
        subscription.Number("deadLettered").Should().Be(0);
        subscription.Object("health").Number("attemptsLastHour").Should().Be(0);
        (await Api.MessageAsync(consumer.Inbox.Received[0].MessageId)).Expect(404);
        (await Api.GetAsync($"/v1/audit?subscription={consumer.Subscription}&action=testDelivery")).Expect(200).Items.Should().ContainSingle();
    }
}
