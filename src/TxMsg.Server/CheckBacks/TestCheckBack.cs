using Microsoft.Extensions.Options;
using TxMsg.Contracts;
using TxMsg.Contracts.Operations;
using TxMsg.Server.Audit;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;

namespace TxMsg.Server.CheckBacks;

/// <summary>Asks a producer about a message that does not exist, to see whether it can be asked. Of the answer nothing is stored; nor does it
/// count for the producer's health or breaker.</summary>
public sealed class TestCheckBack(CheckBackClient client, StoreDatabase database, IOptions<CheckBackOptions> options, TimeProvider time)
{
    private const string AnsweredCommit =
        "The producer answered commit about a message that it never sent: it does not look the id up, so that messages may be delivered that must not be.";

    /// <summary>Asks once, when it is stored who does so and why.</summary>
    public async Task<TestResource> SendAsync(Producer producer, string actor, string? reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var entry = new AuditEntry { At = now, Actor = actor, Action = AuditActions.TestCheckBack, ProducerId = producer.Id, Reason = reason };
        await database.WriteAsync(entry.AddAsync, cancellationToken);
        var message = new OverdueMessage
        {
            Id = Guid.CreateVersion7(now).ToByteArray(bigEndian: true),
            ProducerId = producer.Id,
            Topic = TestEvent.Topic,
            PreparedAt = now.ToUnixTimeMilliseconds(),
        };
        var (answer, result) = await client.AskAsync(message, producer, options.Value.Timeout, cancellationToken);
        return new TestResource
        {
            Sent = result.WasSent,
            Url = producer.CheckBackUrl.OriginalString,
            Status = result.Status,
            LatencySeconds = result.Latency.TotalSeconds,
            Answer = answer.ToWire(),
            Error = answer switch
            {
                CheckBackAnswer.Unreachable => CheckBackRunner.ErrorOf(result),
                CheckBackAnswer.Commit => AnsweredCommit,
                _ => null,
            },
        };
    }
}
