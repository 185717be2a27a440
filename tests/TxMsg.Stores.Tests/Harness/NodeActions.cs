using TxMsg.Contracts.Registration;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>What tests do with a node, in the words of the domain.</summary>
internal static class NodeActions
{
    /// <summary>Who makes what tests need.</summary>
    public const string Actor = "admin";

    public static async Task<Producer> RegisterProducerAsync(this Node node, string? name = null)
    {
        name ??= Unique("producer");
        await node.Get<ProducerAdministration>().PutAsync(name, new ProducerRequest { CheckBackUrl = "http://127.0.0.1:9/check-back" }, Actor);
        return node.Registry.Current.FindProducer(name)!;
    }

    public static async Task<Subscription> SubscribeAsync(this Node node, string topic, bool ordered = false, params string[] tags)
    {
        var name = Unique("subscription");
        await node.Get<SubscriptionAdministration>().PutAsync(
            name, new SubscriptionRequest { Topic = topic, Endpoint = "http://127.0.0.1:9/deliveries", Tags = tags, Ordered = ordered }, Actor);
        return node.Registry.Current.FindSubscription(name)!;
    }

    public static string Unique(string word) => $"{word}-{Guid.NewGuid():N}";

    public static PrepareOperation Preparing(NewMessage message, TestClock time) => new(message, time.GetUtcNow());

    public static VerdictOperation Deciding(Guid id, Verdict verdict, TestClock time, long? onlyProducerId = null) =>
        new(id, verdict, VerdictSource.Producer, time.GetUtcNow()) { OnlyProducerId = onlyProducerId };

    public static async Task<PrepareOperation> PrepareAsync(this Node node, NewMessage message, TestClock time)
    {
        var operation = Preparing(message, time);
        await node.Committer.WriteAsync(operation);
        return operation;
    }

    public static Task<VerdictResult> DecideAsync(this Node node, Guid id, Verdict verdict, TestClock time, long? onlyProducerId = null) =>
        node.Committer.WriteAsync(Deciding(id, verdict, time, onlyProducerId));

    /// <summary>Prepares and commits, one after the other.</summary>
    public static async Task<Guid[]> CommitAsync(this Node node, TestClock time, params NewMessage[] messages)
    {
        await Task.WhenAll(messages.Select(message => node.PrepareAsync(message, time)));
        foreach (var message in messages) (await node.DecideAsync(message.Id, Verdict.Commit, time)).Outcome.Should().Be(VerdictOutcome.Decided);
        return messages.Select(message => message.Id).ToArray();
    }

    public static async Task<MessageState?> StateOfAsync(this Node node, Guid id) =>
        (await node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))?.MessageState;

    public static async Task<IReadOnlyList<DeliveryOfMessageRow>> DeliveriesOfAsync(this Node node, Guid id)
    {
        var row = await node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None);
        return await node.Database.ReadAsync(connection => connection.QueryAsync<DeliveryOfMessageRow>("ListDeliveriesOfMessage", new { seq = row!.Seq }));
    }
}
