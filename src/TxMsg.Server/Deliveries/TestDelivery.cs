using System.Text;
using Microsoft.Extensions.Options;
using TxMsg.Contracts;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Audit;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Deliveries;

/// <summary>Sends a subscription's endpoint a delivery of no message, to see what it answers. It is marked as a test twice
/// (<see cref="TestEvent"/>). Of the answer nothing is stored: it dead-letters nothing, pauses nothing, and counts for nothing.</summary>
public sealed class TestDelivery(DeliverySender sender, StoreDatabase database, IOptions<DeliveryOptions> options, TimeProvider time)
{
    private const string OwnHeaders = $$"""{"{{TestEvent.Header}}":"true"}""";

    private static readonly byte[] Payload = Encoding.UTF8.GetBytes($$"""{"{{TestEvent.Header}}":true}""");

    /// <summary>Sends once, when it is stored who does so and why.</summary>
    public async Task<TestResource> SendAsync(Subscription subscription, string actor, string? reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var entry = new AuditEntry { At = now, Actor = actor, Action = AuditActions.TestDelivery, SubscriptionId = subscription.Id, Reason = reason };
        await database.WriteAsync(entry.AddAsync, cancellationToken);
        var delivery = new LeasedDelivery
        {
            MessageSeq = 0,
            MessageId = Guid.CreateVersion7(now),
            ProducerId = 0,
            SubscriptionId = subscription.Id,
            Topic = TestEvent.Topic,
            CommittedAt = now.ToUnixTimeMilliseconds(),
            LeaseToken = 0,
            LeasedUntil = 0,
        };
        var content = new MessageContent("application/json", OwnHeaders, Payload);
        var timeout = subscription.Timeout ?? options.Value.Timeout;
        var result = await sender.SendAsync(delivery, content, subscription, TestEvent.Producer, timeout, cancellationToken);
        return new TestResource
        {
            Sent = result.WasSent,
            Url = subscription.Endpoint.OriginalString,
            Status = result.Status,
            LatencySeconds = result.Latency.TotalSeconds,
            Answer = DeliveryWorker.OutcomeOf(result.IsSuccess ? DeliveryEvent.Acknowledge : DeliveryEvent.Retry, result),
            Error = DeliveryWorker.ErrorOf(result),
        };
    }
}
