using System.Collections.Concurrent;
using TxMsg.Server.CheckBacks;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>Keeps the jobs for the test to run.</summary>
internal sealed class RecordingJobs : ICheckBackJobs
{
    public ConcurrentQueue<(long ProducerId, long Token)> Producers { get; } = new();

    public ConcurrentQueue<OverdueMessage> Messages { get; } = new();

    public void Enqueue(long producerId, long token) => Producers.Enqueue((producerId, token));

    public void Enqueue(OverdueMessage message) => Messages.Enqueue(message);
}
