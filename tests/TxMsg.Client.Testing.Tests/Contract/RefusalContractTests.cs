using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Registration;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Testing.Tests.Contract;

/// <summary>What is refused, and which field is named with which words.</summary>
public sealed class RefusalContractTests(CoordinatorKind kind) : ContractFixture(kind)
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private static readonly string Long = new('x', 257);

    private static readonly object[][] WrongMessages =
    [
        [new Message("", default), "topic: This field is required."],
        [new Message(Long, default), "topic: 1 to 256 characters."],
        [new Message("a\nb", default), "topic: Control characters are not allowed."],
        [new Message("t", default) { Key = Long, Tag = "", OrderingKey = "\x7f" }, "key: 1 to 256 characters.; tag: 1 to 256 characters.; orderingKey: Control characters are not allowed."],
        [new Message("t", default) { ContentType = "none" }, "contentType: This is not a media type."],
        [new Message("t", default) { Delay = TimeSpan.FromDays(366), CheckBackAfter = TimeSpan.Zero }, "delaySeconds: A number from 0 to 31536000.; checkBackAfterSeconds: A number from 0.001 to 2592000."],
        [new Message("t", default) { Delay = TimeSpan.FromSeconds(-1), CheckBackAfter = TimeSpan.FromDays(31) }, "delaySeconds: A number from 0 to 31536000.; checkBackAfterSeconds: A number from 0.001 to 2592000."],
        [Headed(("a b", "1")), "headers.a b: A header's name has 1 to 64 letters, digits or '-'."],
        [Headed(("a", "é")), "headers.a: A header's value has at most 2048 visible ASCII characters."],
        [Headed(("a", " 1")), "headers.a: A header's value has at most 2048 visible ASCII characters."],
        [Headed(("a", "1"), ("A", "1")), "headers.A: This header is given twice."],
        [Headed([.. Enumerable.Range(0, 33).Select(n => ($"h{n}", ""))]), "headers: At most 32 headers."],
    ];

    private static readonly object[][] WrongUrls =
    [
        ["", "It is empty."], ["/there", "It is not an absolute http or https URL."], ["ftp://127.0.0.1/", "It is not an absolute http or https URL."],
        ["http://127.0.0.1/a b", "It contains a space, a backslash or a control character."], ["http://127.0.0.1/#a", "It has a fragment."],
        ["http://me@127.0.0.1/", "It has user info; receivers check the signature instead."], ["http://127.0.0.1:0/", "Its port is 0."],
        ["http://127.0.0.1/" + new string('a', 2048), "It is longer than 2048 characters."],
    ];

    [TestCaseSource(nameof(WrongMessages))]
    public async Task Message_ThatIsWrong_IsRefusedWithItsFields(Message message, string problem)
    {
        var refusal = await RefusalOfAsync(() => Coordinator.PrepareAsync(Producer, message));

        (refusal.Status, refusal.Message).Should().Be((400, problem));
        refusal.Errors.Keys.Should().Equal(problem.Split("; ").Select(part => part.Split(": ")[0]));
    }

    [Test]
    public async Task Message_OfAnUnknownProducer_IsRefused()
    {
        var refusal = await RefusalOfAsync(() => Coordinator.SendAsync("stranger", NewMessage()));

        refusal.Status.Should().Be(400);
        refusal.Errors.Should().ContainKey("producer").WhoseValue.Should().Equal("There is no producer stranger. Register it with PUT /v1/producers/{name}.");
    }

    [TestCase(262_144, null)]
    [TestCase(262_145, 413)]
    public async Task Payload_OverTheLimit_IsRefused(int bytes, int? status)
    {
        var message = new Message(Topic, new byte[bytes]);

        if (status is null) (await Coordinator.PrepareAsync(Producer, message)).State.Should().Be("prepared");
        else (await RefusalOfAsync(() => Coordinator.PrepareAsync(Producer, message))).Should().BeEquivalentTo(new { Status = 413, Message = "The payload is longer than 262144 bytes." });
    }

    [Test]
    public async Task Producer_ThatIsWrong_IsRefusedWithItsFields()
    {
        var refusal = await RefusalOfAsync(() => Coordinator.RegisterProducerAsync("a b", new ProducerRequest
        {
            CheckBackUrl = Url, CheckBackAfterSeconds = 0, GiveUpAfterSeconds = -1, MaxUnknownAnswers = 0, Secret = "short",
        }));

        refusal.Message.Should().Be("name: Only letters, digits, '.', '_' and '-'.; checkBackAfterSeconds: A number from 0.001 to 2592000.; "
            + "giveUpAfterSeconds: A number from 0.001 to 31536000.; maxUnknownAnswers: A whole number from 1 to 10000.; secret: A webhook secret begins with 'whsec_'.");
    }

    [Test]
    public async Task Subscription_ThatIsWrong_IsRefusedWithItsFields()
    {
        var refusal = await RefusalOfAsync(() => Coordinator.RegisterSubscriptionAsync(new string('x', 129), new SubscriptionRequest
        {
            Topic = "", Endpoint = Url, Tags = ["a", ""], MaxConcurrency = 0, TimeoutSeconds = 301, RetryScheduleSeconds = [1, -1], Secret = "whsec_AAAA",
        }));

        refusal.Message.Should().Be("name: At most 128 characters.; topic: This field is required.; tags[1]: 1 to 256 characters.; maxConcurrency: A whole number from 1 to 1000.; "
            + "timeoutSeconds: A number from 0.1 to 300.; retryScheduleSeconds[1]: A number from 0 to 604800.; secret: A webhook secret has 24 to 64 bytes; this one has 3.");
    }

    [TestCaseSource(nameof(WrongUrls))]
    public async Task Url_ThatIsWrong_IsRefused(string url, string problem)
    {
        var producer = await RefusalOfAsync(() => Coordinator.RegisterProducerAsync("p", new ProducerRequest { CheckBackUrl = url }));
        var subscription = await RefusalOfAsync(() => Coordinator.RegisterSubscriptionAsync("s", new SubscriptionRequest { Topic = "t", Endpoint = url }));

        producer.Errors.Should().ContainSingle().Which.Should().BeEquivalentTo(KeyValuePair.Create("checkBackUrl", new[] { problem }));
        subscription.Errors.Should().ContainSingle().Which.Should().BeEquivalentTo(KeyValuePair.Create("endpoint", new[] { problem }));
    }

    [Test]
    public async Task Secret_IsShownWhenItIsMadeOrRotated_AndOnlyThen()
    {
        var first = await Coordinator.RegisterSubscriptionAsync(Topic, new SubscriptionRequest { Topic = Topic, Endpoint = Url });
        var same = await Coordinator.RegisterSubscriptionAsync(Topic, new SubscriptionRequest { Topic = Topic, Endpoint = Url, Ordered = true });
        var rotated = await Coordinator.RegisterSubscriptionAsync(Topic, new SubscriptionRequest { Topic = Topic, Endpoint = Url, Secret = Secret });
        var repeated = await Coordinator.RegisterSubscriptionAsync(Topic, new SubscriptionRequest { Topic = Topic, Endpoint = Url, Secret = Secret });

        WebhookSecret.TryParse(first.Secret, out _, out _).Should().BeTrue();
        (same.Secret, rotated.Secret, repeated.Secret).Should().Be((null, Secret, null));
        same.Should().BeEquivalentTo(new { Ordered = true, MaxConcurrency = 16, TimeoutSeconds = 15.0, State = "active", Pending = 0L, DeadLettered = 0L });
        same.RetryScheduleSeconds.Should().HaveCount(16).And.StartWith(10.0).And.EndWith(7200.0);
        (await Coordinator.RegisterProducerAsync(Producer, new ProducerRequest { CheckBackUrl = Url })).Should().BeEquivalentTo(
            new { Name = Producer, CheckBackUrl = Url, CheckBackAfterSeconds = 30.0, MaxUnknownAnswers = 15, GiveUpAfterSeconds = 259_200.0, Secret = (string?)null });
    }

    // A dictionary that tells upper from lower case, as callers' do.
    private static Message Headed(params (string Name, string Value)[] headers) =>
        new("t", default) { Headers = headers.ToDictionary(header => header.Name, header => header.Value) };
}
