using System.Security.Cryptography;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Transactions;

public sealed class PrepareTests(StoreProvider provider) : StoreFixture(provider)
{
    [Test]
    public async Task Prepare_OfANewMessage_IsStoredWithEveryField()
    {
        var producer = await Node.RegisterProducerAsync();
        var message = new NewMessage
        {
            Id = Guid.CreateVersion7(), ProducerId = producer.Id, Producer = producer.Name, Topic = "Заказы", Key = "ключ 🗝", Tag = "täg", OrderingKey = "顺序",
            Delay = TimeSpan.FromMilliseconds(1234), CheckBackAfter = TimeSpan.FromMilliseconds(5678), TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            Content = new MessageContent("text/plain; charset=utf-8", """{"a":"ü"}""", new byte[] { 0, 1, 255 }),
        };
        (await Node.PrepareAsync(message, Time)).Result.Should().Be(PrepareOutcome.Created);
        var row = (await Node.Get<MessageReader>().FindRowAsync(message.Id, CancellationToken.None))!;
        row.Should().BeEquivalentTo(
            new
            {
                ProducerId = producer.Id, message.Topic, message.Key, message.Tag, message.OrderingKey, DelayMs = 1234L, message.TraceParent, MessageState = MessageState.Prepared,
                PreparedAt = Time.Milliseconds, CheckBackAt = (long?)(Time.Milliseconds + 5678), message.Content.ContentType, Headers = message.Content.HeadersJson, DecidedAt = (long?)null,
            });
        row.MessageId.Should().Be(message.Id);
        (await Node.Get<MessageReader>().FindPayloadAsync(message.Id, CancellationToken.None))!.Payload.Should().Equal(0, 1, 255);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(8_001)]
    [TestCase(262_144)]
    [TestCase(4_000_001)]
    public async Task Prepare_OfAnySize_KeepsThePayloadByteForByte(int size)
    {
        var producer = await Node.RegisterProducerAsync();
        var payload = RandomNumberGenerator.GetBytes(size);
        var message = WithPayload(Messages.New(producer, "sizes"), payload);
        await Node.PrepareAsync(message, Time);
        var stored = await Node.Get<MessageReader>().FindPayloadAsync(message.Id, CancellationToken.None);
        stored!.Payload.SequenceEqual(payload).Should().BeTrue();
    }

    [Test]
    public async Task Prepare_OfManySizesTogether_KeepsEachApart()
    {
        var producer = await Node.RegisterProducerAsync();
        int[] sizes = [100_000, 3, 0, 50_000, 1, 8_000, 0, 7];
        var messages = sizes.Select(size => WithPayload(Messages.New(producer, "sizes"), RandomNumberGenerator.GetBytes(size))).ToArray();
        await Node.WriteTogetherAsync(messages.Select(message => (WriteOperation)NodeActions.Preparing(message, Time)).ToArray());
        foreach (var message in messages)
        {
            var stored = await Node.Get<MessageReader>().FindPayloadAsync(message.Id, CancellationToken.None);
            stored!.Payload.SequenceEqual(message.Content.Payload.ToArray()).Should().BeTrue();
        }
    }

    [Test]
    public async Task Prepare_OfMoreThanOneStatementTakes_IsStoredWhole()
    {
        var producer = await Node.RegisterProducerAsync();
        var operations = Enumerable.Range(0, 2047).Select(_ => NodeActions.Preparing(Messages.New(producer, "many"), Time)).ToArray();
        await Node.WriteTogetherAsync(operations);
        operations.Should().OnlyContain(operation => operation.Result == PrepareOutcome.Created);
    }

    [Test]
    public async Task Prepare_Repeated_IsASuccessThatChangesNothing()
    {
        var producer = await Node.RegisterProducerAsync();
        var message = Messages.New(producer, "repeated", "1");
        await Node.PrepareAsync(message, Time);
        (await Node.PrepareAsync(message, Time)).Result.Should().Be(PrepareOutcome.Existing);
        await Node.DecideAsync(message.Id, Verdict.Rollback, Time);
        var again = await Node.PrepareAsync(message, Time);
        again.Result.Should().Be(PrepareOutcome.Existing);
        again.ExistingState.Should().Be(MessageState.RolledBack);
    }

    [Test]
    public async Task Prepare_OfOtherContentUnderTheSameId_IsAConflict()
    {
        var producer = await Node.RegisterProducerAsync();
        var other = await Node.RegisterProducerAsync();
        var message = Messages.New(producer, "Topic", "1", key: "Key");
        await Node.PrepareAsync(message, Time);
        NewMessage[] different =
        [
            Messages.New(producer, "Topic", "2", message.Id, "Key"), Messages.New(producer, "topic", "1", message.Id, "Key"), Messages.New(producer, "Topic", "1", message.Id, "key"),
            Messages.New(producer, "Topic", "1", message.Id), Messages.New(producer, "Topic", "1", message.Id, "Key", "tag"), Messages.New(other, "Topic", "1", message.Id, "Key"),
            Messages.New(producer, "Topic", "1", message.Id, "Key", orderingKey: "o"), Messages.New(producer, "Topic", "1", message.Id, "Key", delay: TimeSpan.FromSeconds(1)),
        ];
        foreach (var conflicting in different) (await Node.PrepareAsync(conflicting, Time)).Result.Should().Be(PrepareOutcome.Conflict);
    }

    [Test]
    public async Task Prepare_TwiceInOneTransaction_StoresTheFirst()
    {
        var producer = await Node.RegisterProducerAsync();
        var first = NodeActions.Preparing(Messages.New(producer, "twice", "1"), Time);
        var same = NodeActions.Preparing(first.Message, Time);
        var other = NodeActions.Preparing(Messages.New(producer, "twice", "2", first.Message.Id), Time);
        await Node.WriteTogetherAsync(first, same, other);
        first.Result.Should().Be(PrepareOutcome.Created);
        same.Result.Should().Be(PrepareOutcome.Existing);
        other.Result.Should().Be(PrepareOutcome.Conflict);
    }

    [Test]
    public async Task Prepare_OfABadRowAmongGoodOnes_FailsAlone()
    {
        var producer = await Node.RegisterProducerAsync();
        var good = Enumerable.Range(0, 5).Select(_ => NodeActions.Preparing(Messages.New(producer, "good"), Time)).ToArray();
        var bad = NodeActions.Preparing(Messages.New(producer, null!), Time);
        var writing = () => Node.WriteTogetherAsync([good[0], good[1], bad, good[2], good[3], good[4]]);
        await writing.Should().ThrowAsync<Exception>();
        bad.Completion.IsFaulted.Should().BeTrue();
        foreach (var operation in good) (await operation.Completion).Should().Be(PrepareOutcome.Created);
        (await Node.StateOfAsync(bad.Message.Id)).Should().BeNull();
        Node.Committer.IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Prepare_OfTheSameIdsOnTwoNodes_CreatesEachOnce()
    {
        var producer = await Node.RegisterProducerAsync();
        var other = await AddNodeAsync();
        var messages = Enumerable.Range(0, 100).Select(_ => Messages.New(producer, "raced")).ToArray();
        var outcomes = await Task.WhenAll(messages.SelectMany(message => new[] { Node.PrepareAsync(message, Time), other.PrepareAsync(message, Time) }));
        outcomes.GroupBy(operation => operation.Message.Id).Should().OnlyContain(
            pair => pair.Count(operation => operation.Result == PrepareOutcome.Created) == 1 && pair.Count(operation => operation.Result == PrepareOutcome.Existing) == 1);
    }

    private static NewMessage WithPayload(NewMessage message, byte[] payload) => new()
    {
        Id = message.Id, ProducerId = message.ProducerId, Producer = message.Producer, Topic = message.Topic, CheckBackAfter = message.CheckBackAfter,
        Content = new MessageContent("application/octet-stream", null, payload),
    };
}
