using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Testing.Tests.Contract;

/// <summary>Ids, states, contents.</summary>
public sealed class MessageContractTests(CoordinatorKind kind) : ContractFixture(kind)
{
    [Test]
    public async Task Prepare_StoresAHalfMessageAsItWasSent()
    {
        var message = new Message(Topic, "{\"number\":7}"u8.ToArray())
        {
            ContentType = "application/json", Key = "k", Tag = "t", OrderingKey = "o", Delay = TimeSpan.FromSeconds(1.5),
            Headers = new Dictionary<string, string> { ["b"] = "2", ["A"] = "1" }, CheckBackAfter = TimeSpan.FromMinutes(7),
        };

        await Coordinator.PrepareAsync(Producer, message);

        var found = (await Coordinator.FindAsync(message.Id))!;
        found.Should().BeEquivalentTo(new { message.Id, Producer, Topic, State = "prepared", Key = "k", Tag = "t", OrderingKey = "o", DelaySeconds = 1.5, ContentType = "application/json", CheckBacks = 0 });
        found.Headers.Should().Equal(new Dictionary<string, string> { ["A"] = "1", ["b"] = "2" });
        (found.NextCheckBackAt - found.PreparedAt).Should().Be(TimeSpan.FromMinutes(7));
        (found.DecidedAt, found.DecidedBy, found.Reason).Should().Be((null, null, null));
    }

    [Test]
    public async Task Prepare_AsksFirstAfterThirtySeconds_UnlessTheProducerSaysOtherwise()
    {
        var first = await Coordinator.PrepareAsync(Producer, NewMessage());
        await Coordinator.RegisterProducerAsync(Producer, new ProducerRequest { CheckBackUrl = Url, CheckBackAfterSeconds = 90 });
        var second = await Coordinator.PrepareAsync(Producer, NewMessage());

        (first.NextCheckBackAt - first.PreparedAt).Should().Be(TimeSpan.FromSeconds(30));
        (second.NextCheckBackAt - second.PreparedAt).Should().Be(TimeSpan.FromSeconds(90));
    }

    [Test]
    public async Task Send_OfAHalfMessage_CommitsIt_UnlessItWasRolledBack()
    {
        var (half, rolledBack) = (NewMessage(), NewMessage());
        await Coordinator.PrepareAsync(Producer, half);
        await Coordinator.PrepareAsync(Producer, rolledBack);
        await Coordinator.RollbackAsync(rolledBack.Id);

        (await Coordinator.SendAsync(Producer, half)).State.Should().Be("committed");
        (await FluentActions.Awaiting(() => Coordinator.SendAsync(Producer, rolledBack)).Should().ThrowAsync<VerdictConflictException>()).Which.Recorded.Should().Be("rollback");
        var results = await Coordinator.SendAsync(Producer, [half, rolledBack]);

        results.Select(result => (result.Status, result.State)).Should().Equal((200, "committed"), (409, "rolledBack"));
    }

    [Test]
    public async Task Prepare_Repeated_IsTheSameMessage()
    {
        var message = NewMessage();
        await Coordinator.PrepareAsync(Producer, message);
        await Coordinator.CommitAsync(message.Id);

        (await Coordinator.PrepareAsync(Producer, message)).State.Should().Be("committed");
        (await Coordinator.SendAsync(Producer, message)).State.Should().Be("committed");
    }

    [TestCase("payload")]
    [TestCase("contentType")]
    [TestCase("key")]
    [TestCase("tag")]
    [TestCase("orderingKey")]
    [TestCase("headers")]
    [TestCase("delay")]
    public async Task Prepare_OfAnIdWithOtherContent_IsAConflict(string what)
    {
        var message = NewMessage();
        await Coordinator.PrepareAsync(Producer, message);
        var other = new Message(Topic, what == "payload" ? "b"u8.ToArray() : message.Payload)
        {
            Id = message.Id,
            ContentType = what == "contentType" ? "text/plain" : message.ContentType,
            Key = what == "key" ? "k" : null,
            Tag = what == "tag" ? "t" : null,
            OrderingKey = what == "orderingKey" ? "o" : null,
            Headers = what == "headers" ? new Dictionary<string, string> { ["a"] = "1" } : null,
            Delay = what == "delay" ? TimeSpan.FromSeconds(1) : null,
        };

        var refusal = await RefusalOfAsync(() => Coordinator.PrepareAsync(Producer, other));

        refusal.Status.Should().Be(409);
        refusal.Should().NotBeOfType<VerdictConflictException>();
        refusal.Message.Should().Be($"Message {message.Id} exists with other content. Repeat it unchanged, or use a new id.");
    }

    [Test]
    public async Task Prepare_RepeatedWithAnotherCheckBackTime_IsTheSameMessage()
    {
        var message = NewMessage();
        await Coordinator.PrepareAsync(Producer, message);

        var repeated = await Coordinator.PrepareAsync(Producer, new Message(Topic, message.Payload) { Id = message.Id, CheckBackAfter = TimeSpan.FromHours(1), Delay = TimeSpan.Zero });

        (repeated.NextCheckBackAt - repeated.PreparedAt).Should().Be(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task Send_CommitsAtOnce_ForTheSubscriptionsThatMatchThen()
    {
        await SubscribeAsync(Topic + "-all");
        await SubscribeAsync(Topic + "-tagged", "t", "u");
        var plain = await Coordinator.SendAsync(Producer, NewMessage());
        var tagged = await Coordinator.SendAsync(Producer, new Message(Topic, default) { Tag = "t" });
        await SubscribeAsync(Topic + "-late");

        plain.Should().BeEquivalentTo(new { State = "committed", DecidedBy = "producer" });
        plain.DecidedAt.Should().Be(plain.PreparedAt);
        (await DeliveriesOfAsync(plain.Id)).Should().Equal(Topic + "-all");
        (await DeliveriesOfAsync(tagged.Id)).Should().BeEquivalentTo(Topic + "-all", Topic + "-tagged");
    }

    [Test]
    public async Task Find_OfAnUnknownId_IsNull() => (await Coordinator.FindAsync(Guid.CreateVersion7())).Should().BeNull();

    private Task SubscribeAsync(string name, params string[] tags) =>
        Coordinator.RegisterSubscriptionAsync(name, new SubscriptionRequest { Topic = Topic, Endpoint = Url, Tags = tags });

    private async Task<IEnumerable<string>> DeliveriesOfAsync(Guid id) => (await Coordinator.FindAsync(id))!.Deliveries!.Select(delivery => delivery.Subscription);
}
