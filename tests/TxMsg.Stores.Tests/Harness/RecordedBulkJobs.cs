using System.Collections.Concurrent;
using TxMsg.Server.BulkActions;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>Keeps the jobs of bulk actions for the test to run, or to lose.</summary>
internal sealed class RecordedBulkJobs : IBulkActionJobs
{
    public ConcurrentQueue<(long Seq, long Token, string Title)> Queue { get; } = new();

    public void Enqueue(long seq, long token, string title) => Queue.Enqueue((seq, token, title));
}
