using System.Text;
using FluentAssertions;
using TxMsg.Contracts.Registration;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Producers;
using TxMsg.Server.Registry;
using TxMsg.Server.Subscriptions;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>What tests do with a node, in the words of the domain.</summary>
internal static class NodeActions
{
    public static readonly Uri Nowhere = new("http://127.0.0.1:9/");

    public static async Task<Producer> RegisterAsync(this TestNode node, string name = "shop", Uri? checkBackUrl = null)
    {
        await node.Get<ProducerAdministration>().PutAsync(name, new ProducerRequest { CheckBackUrl = (checkBackUrl ?? Nowhere).ToString() }, "admin");
        return node.Get<RegistryCache>().Current.FindProducer(name)!;
    }

    public static async Task<Subscription> SubscribeAsync(
        this TestNode node, string name = "billing", Uri? endpoint = null, bool ordered = false, int? maxConcurrency = null, double[]? schedule = null, string topic = "orders")
    {
        var request = new SubscriptionRequest
        {
            Topic = topic, Endpoint = (endpoint ?? Nowhere).ToString(), Ordered = ordered, MaxConcurrency = maxConcurrency, RetryScheduleSeconds = schedule,
        };
        await node.Get<SubscriptionAdministration>().PutAsync(name, request, "admin");
        return node.Get<RegistryCache>().Current.FindSubscription(name)!;
    }

    public static NewMessage NewMessage(this TestNode node, string payload = "{}", string? orderingKey = null, bool committed = false, string? headers = null, string of = "shop")
    {
        var producer = node.Get<RegistryCache>().Current.FindProducer(of)!;
        return new NewMessage
        {
            Id = Guid.CreateVersion7(), ProducerId = producer.Id, Producer = producer.Name, Topic = "orders", Key = "o-1", Tag = "new", OrderingKey = orderingKey,
            CheckBackAfter = TimeSpan.FromSeconds(30), IsCommitted = committed, Content = new MessageContent("application/json", headers, Encoding.UTF8.GetBytes(payload)),
        };
    }

    public static async Task<NewMessage> PrepareAsync(this TestNode node, NewMessage? message = null)
    {
        message ??= node.NewMessage();
        await node.Get<TransactionCoordinator>().PrepareAsync(message);
        return message;
    }

    public static Task<VerdictOperation> DecideAsync(this TestNode node, Guid id, Verdict verdict = Verdict.Commit) =>
        node.Get<TransactionCoordinator>().DecideAsync(id, verdict, VerdictSource.Producer);

    /// <summary>A committed message whose deliveries are leased to this node, and not sent: the test does that.</summary>
    public static async Task<FannedOut.Way> CommitUnsentAsync(this TestNode node, string? orderingKey = null)
    {
        var message = await node.PrepareAsync(node.NewMessage(orderingKey: orderingKey));
        var result = await node.Committer.WriteAsync(new VerdictOperation(message.Id, Verdict.Commit, VerdictSource.Producer, node.Time.GetUtcNow()));
        return result.Decided!.FannedOut!.Ways.Single();
    }

    /// <summary>Committed messages whose deliveries wait in the store, due.</summary>
    public static async Task<IReadOnlyList<Guid>> CommitPendingAsync(this TestNode node, int count)
    {
        var messages = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var way = await node.CommitUnsentAsync();
            messages.Add(way.Leased!.MessageId);
            way.Outlet!.GiveBack(way.Leased!);
        }

        await node.ExecuteAsync($"UPDATE deliveries SET state = 0, due_at = {node.Now}, lease_token = NULL WHERE state = 1");
        return messages;
    }

    /// <summary>Asks about an undecided message because somebody wants to know.</summary>
    public static async Task<ManualCheckBackOutcome> AskByHandAsync(this TestNode node, Guid id) =>
        await node.Get<ManualCheckBack>().StartAsync((await node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))!, "admin", "why");

    /// <summary>Waits until all that was asked so is answered, and recorded.</summary>
    public static Task AnsweredByHandAsync(this TestNode node) => Eventually.HoldsAsync(() => node.Get<QuestionsByHand>().Count.Should().Be(0));

    public static Task<long?> StateOfDeliveryAsync(this TestNode node, long id) => node.ReadAsync($"SELECT state FROM deliveries WHERE id = {id}");

    public static async Task<MessageState?> StateOfAsync(this TestNode node, Guid id) =>
        (await node.Get<MessageReader>().FindRowAsync(id, CancellationToken.None))?.MessageState;
}
