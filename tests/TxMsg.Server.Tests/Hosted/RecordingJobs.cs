using System.Collections.Concurrent;
using TxMsg.Server.BulkActions;
using TxMsg.Server.CheckBacks;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>Keeps the jobs for the test to run.</summary>
internal sealed class RecordingJobs : ICheckBackJobs, IBulkActionJobs
{
    public ConcurrentQueue<(long ProducerId, long Token)> Producers { get; } = new();

    public void Enqueue(long producerId, long token) => Producers.Enqueue((producerId, token));

    public ConcurrentQueue<(long Seq, long Token, string Title)> BulkActions { get; } = new();

    public void Enqueue(long seq, long token, string title) => BulkActions.Enqueue((seq, token, title));
}
