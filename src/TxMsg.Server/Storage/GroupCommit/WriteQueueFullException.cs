namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>The write queue is at its limit, or the server is stopping: try again later. Nothing was written.</summary>
public sealed class WriteQueueFullException() : Exception("The write queue is full.");
