namespace TxMsg.FaultTests.Simulation;

/// <summary>All that a node would do at once, one after the other on the thread of the world. When the node dies, what it still had to
/// do is never done; while it is stopped, it waits.</summary>
internal sealed class NodeThread(Queue<NodeThread> turns, int owner) : TaskScheduler
{
    private readonly Queue<Task> ready = new();
    private readonly Queue<Task> held = new();
    private bool isStopped;

    public bool IsDead { get; private set; }

    /// <summary>Set when code of the server went on on a thread that is not the world's: then a seed does not repeat it.</summary>
    public bool Escaped { get; private set; }

    public void Kill()
    {
        IsDead = true;
        ready.Clear();
        held.Clear();
    }

    /// <summary>As SIGSTOP does.</summary>
    public void Stop() => isStopped = true;

    /// <summary>As SIGCONT does.</summary>
    public void Continue()
    {
        isStopped = false;
        while (held.TryDequeue(out var task)) QueueTask(task);
    }

    /// <summary>Runs something of the node.</summary>
    public Task<T> Run<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public Task Run(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Takes one turn.</summary>
    public void TakeTurn()
    {
        if (ready.TryDequeue(out var task)) TryExecuteTask(task);
    }

    protected override void QueueTask(Task task)
    {
        if (IsDead) return;
        if (Environment.CurrentManagedThreadId != owner)
        {
            Escaped = true;
            return;
        }

        if (isStopped)
        {
            held.Enqueue(task);
            return;
        }

        ready.Enqueue(task);
        turns.Enqueue(this);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => ready;
}
