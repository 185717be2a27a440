namespace TxMsg.Server.Storage.GroupCommit;

/// <summary>Tells callers what became of their operations; an item of the thread pool, for they go on at once.</summary>
internal sealed class Completion(WriteOperation[] operations, Exception? fault) : IThreadPoolWorkItem
{
    public void Execute()
    {
        foreach (var operation in operations)
        {
            if (fault is null) operation.Succeed();
            else operation.Fail(fault);
        }
    }
}
