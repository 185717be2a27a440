using System.Text.Json;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Messages;
using TxMsg.Server.Http;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

/// <summary>The answers to prepare and commit come from memory; they must be what a read would give.</summary>
public sealed class MessageResourcesTests
{
    private TestNode node = null!;

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
        // Nothing is leased, so that the deliveries stay as they were written.
        node.Outlets.Close();
        await node.SubscribeAsync("billing");
        await node.SubscribeAsync("stock", ordered: true);
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Of_APrepare_EqualsWhatIsReadBack(bool committed)
    {
        var operation = await node.Get<TransactionCoordinator>().PrepareAsync(node.NewMessage(orderingKey: "c", committed: committed, headers: """{"a":"1"}"""));

        Text(MessageResources.Of(operation)).Should().Be(Text(await ReadAsync(operation.Message.Id)));
    }

    [TestCase(Verdict.Commit)]
    [TestCase(Verdict.Rollback)]
    public async Task Of_AVerdict_EqualsWhatIsReadBack(Verdict verdict)
    {
        var message = await node.PrepareAsync(node.NewMessage(orderingKey: "c", headers: """{"a":"1"}"""));
        node.Time.Advance(TimeSpan.FromMilliseconds(1234.5));

        var operation = await node.Get<TransactionCoordinator>().DecideAsync(message.Id, verdict, VerdictSource.Operator, "because", "admin");

        Text(MessageResources.Of(operation.Result.Decided!, operation, "shop")).Should().Be(Text(await ReadAsync(message.Id)));
    }

    [Test]
    public async Task Of_ASecondOfALane_ShowsNoTimeBehindItsHead()
    {
        await node.Get<TransactionCoordinator>().PrepareAsync(node.NewMessage(orderingKey: "c", committed: true));
        var second = await node.Get<TransactionCoordinator>().PrepareAsync(node.NewMessage(orderingKey: "c", committed: true));

        var resource = MessageResources.Of(second);
        resource.Deliveries!.Single(delivery => delivery.Subscription == "stock").NextAttemptAt.Should().BeNull();
        Text(resource).Should().Be(Text(await ReadAsync(second.Message.Id)));
    }

    private async Task<MessageResource> ReadAsync(Guid id) => (await node.Get<MessageReader>().FindAsync(id, CancellationToken.None))!;

    private static string Text(MessageResource resource) => JsonSerializer.Serialize(resource, WireJson.Default.MessageResource);
}
