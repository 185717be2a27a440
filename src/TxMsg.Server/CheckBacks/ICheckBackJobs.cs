namespace TxMsg.Server.CheckBacks;

/// <summary>Starts work in the background, where operators can see it.</summary>
public interface ICheckBackJobs
{
    /// <summary>Asks about a producer's overdue half messages until none is left.</summary>
    void Enqueue(long producerId, long token);
}
