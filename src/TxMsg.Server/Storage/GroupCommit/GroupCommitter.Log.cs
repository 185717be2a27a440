namespace TxMsg.Server.Storage.GroupCommit;

public sealed partial class GroupCommitter
{
    [LoggerMessage(1001, LogLevel.Warning, "Group commits that are tried again: {Count}, the last one after try {Attempt}")]
    private partial void LogRetry(int count, int attempt, Exception exception);

    [LoggerMessage(1002, LogLevel.Error, "Writes that failed: {Operations}; none of them was acknowledged")]
    private partial void LogWriteFailed(int operations, Exception exception);
}
