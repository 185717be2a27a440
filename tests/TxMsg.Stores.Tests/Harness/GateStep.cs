using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>Keeps a transaction open while operations gather for the next one.</summary>
internal sealed class GateStep : WriteStep<GateStep.Pass>
{
    /// <summary>Adds operations while the committer is busy: they go into one transaction.</summary>
    public async Task HoldAsync(GroupCommitter committer, Action add)
    {
        var pass = new Pass();
        var passed = committer.WriteAsync(pass);
        await pass.Entered.Task;
        add();
        pass.Open.Set();
        await passed;
    }

    protected override void Apply(WriteSession session, IReadOnlyList<Pass> operations)
    {
        foreach (var pass in operations)
        {
            pass.Entered.TrySetResult();
            pass.Open.Wait();
        }
    }

    internal sealed class Pass : WriteOperation<bool>
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Open { get; } = new();
    }
}
