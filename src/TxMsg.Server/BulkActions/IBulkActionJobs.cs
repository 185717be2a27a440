namespace TxMsg.Server.BulkActions;

/// <summary>Starts work in the background, where operators can see it.</summary>
public interface IBulkActionJobs
{
    /// <summary>Works a bulk action off.</summary>
    /// <param name="seq">Which.</param>
    /// <param name="token">The lease.</param>
    /// <param name="title">What operators see.</param>
    void Enqueue(long seq, long token, string title);
}
