namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>The store refused a write that it should have taken (disk full, I/O error, connection lost): it was not acknowledged.</summary>
public sealed class StoreUnavailableException(Exception inner) : Exception("The store cannot be written.", inner);
