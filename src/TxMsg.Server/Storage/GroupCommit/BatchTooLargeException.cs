namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>A step would write more rows than one transaction is to have: the committer writes the batch in parts. Not thrown for one operation
/// alone.</summary>
public sealed class BatchTooLargeException : Exception;
