using System.Text;
using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>Messages for tests.</summary>
internal static class Messages
{
    public static NewMessage New(
        Producer producer, string topic, string payload = "{}", Guid? id = null, string? key = null, string? tag = null, string? orderingKey = null,
        bool committed = false, TimeSpan delay = default, TimeSpan? checkBackAfter = null) => new()
    {
        Id = id ?? Guid.CreateVersion7(),
        ProducerId = producer.Id,
        Producer = producer.Name,
        Topic = topic,
        Key = key,
        Tag = tag,
        OrderingKey = orderingKey,
        IsCommitted = committed,
        Delay = delay,
        CheckBackAfter = checkBackAfter ?? TimeSpan.FromSeconds(30),
        Content = new MessageContent("application/json", null, Encoding.UTF8.GetBytes(payload)),
    };
}
