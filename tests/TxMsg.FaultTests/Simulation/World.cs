using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Jobs;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Transactions;
using NewMessage = TxMsg.Server.Transactions.NewMessage;
using Producer = TxMsg.Server.Registry.Producer;

namespace TxMsg.FaultTests.Simulation;

/// <summary>A simulated world: nodes on one store, peers, a clock and one thread. Lives for one history.</summary>
internal sealed partial class World : IDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Purge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan IdlePoll = TimeSpan.FromSeconds(1);

    private readonly Queue<NodeThread> turns = new();
    private readonly SimNode?[] nodes;
    private readonly int[] lives;
    private readonly Dictionary<(string, int), int> losses = [];
    private readonly SqlCatalogue sql;
    private readonly SimFile file;
    private bool escaped;
    private bool isHealed;

    public World(History history, Bug bug, SimFile file)
    {
        History = history;
        Bug = bug;
        this.file = file;
        sql = Bugs.Plant(bug);
        Dice = new Dice((ulong)history.Seed);
        nodes = new SimNode?[history.Nodes];
        lives = new int[history.Nodes];
        Recorder = new Recorder(Clock);
        Producers = new SimProducers(this);
        weather = new Weather[history.Producers + history.Subscriptions];
    }

    public History History { get; }

    public Bug Bug { get; }

    public Dice Dice { get; }

    public SimClock Clock { get; } = new();

    public Recorder Recorder { get; }

    public SimProducers Producers { get; }

    public IEnumerable<SimNode> Alive => nodes.OfType<SimNode>().Where(node => node.IsAlive);

    /// <summary>Ids are part of the seed, and in the order of their making.</summary>
    public Guid MessageId(int index)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Clock.Now << 16);
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], index);
        return new Guid(bytes, bigEndian: true);
    }

    public SimMessage? Find(Guid id)
    {
        var index = BinaryPrimitives.ReadInt32BigEndian(id.ToByteArray(bigEndian: true).AsSpan(12));
        return index >= 0 && index < Recorder.Messages.Count && Recorder.Messages[index].Id == id ? Recorder.Messages[index] : null;
    }

    public NewMessage ToNew(SimMessage message, Producer producer) => new()
    {
        Id = message.Id,
        ProducerId = producer.Id,
        Producer = producer.Name,
        Topic = message.Topic,
        Tag = message.Tag,
        OrderingKey = message.OrderingKey,
        Delay = message.Delay,
        IsCommitted = message.IsOrdinary,
        CheckBackAfter = TimeSpan.FromSeconds(2 + message.Index % 5),
        Content = new MessageContent("application/json", null, message.Payload),
    };

    /// <summary>A node that takes calls, beginning with one.</summary>
    public SimNode? AnyNode(int first)
    {
        for (var i = 0; i < nodes.Length; i++)
            if (nodes[(first + i) % nodes.Length] is { IsAlive: true, IsSuspended: false, IsStopping: false, IsReady: true } node) return node;
        return null;
    }

    /// <summary>Whether an answer is lost on its way; never twice for one message and kind, so that histories end.</summary>
    public bool IsLost(string what, int about)
    {
        losses[(what, about)] = losses.GetValueOrDefault((what, about)) + 1;
        return !isHealed && losses[(what, about)] == 1 && Dice.Roll("lost", about, what.Length) < 0.06;
    }

    /// <summary>Something that a node does; what a store may refuse is no violation, everything else is.</summary>
    public void Guard(SimNode node, Func<Task> work) => _ = node.Thread.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is SqliteException or StoreUnavailableException or WriteQueueFullException)
        {
            // As a caller gets 503, and as a job fails: the next one does it.
        }
        catch (Exception exception)
        {
            Recorder.Violated("fault", exception.ToString());
        }
    });

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan time)
    {
        var until = Clock.Elapsed + time;
        Settle();
        while (Clock.Next(until)) Settle();
        Settle();
    }

    public void Dispose()
    {
        foreach (var node in nodes.OfType<SimNode>()) Bury(node);
    }

    private void Begin(int number)
    {
        if (nodes[number] is { IsAlive: true }) return;
        if (nodes[number] is { } former) Bury(former);
        var thread = new NodeThread(turns, Environment.CurrentManagedThreadId);
        var store = new SimStore(file.Path, nodes.Length > 1, sql);
        SimNode? node = null;
        var network = new SimNetwork(this, () => node!);
        node = new SimNode(number, lives[number]++, thread, store, Clock, network, new SeededRandom(Dice, number * 1000 + lives[number]), Recorder);
        nodes[number] = node;
        store.Crashed = () => Die(node);
        store.Struck = fault => Recorder.Interrupted(node, fault.ToString());
        _ = thread.Run(async () =>
        {
            await node.StartAsync(Clock);
            node.IsReady = true;
        });
        Settle();
        var offset = TimeSpan.FromMilliseconds(Dice.Roll(250, "offset", number, lives[number]));
        Clock.After(offset, () => Round(node));
        Repeat(node, Sweep, offset, jobs => jobs.SweepLeasesAsync(CancellationToken.None));
        Repeat(node, Sweep, offset, jobs => jobs.SweepCheckBacksAsync(CancellationToken.None));
        Repeat(node, Purge, offset, jobs => jobs.PurgeAsync(CancellationToken.None));
    }

    private void Kill(SimNode node, string how)
    {
        if (!node.IsAlive) return;
        Recorder.Interrupted(node, how);
        node.Thread.Kill();
    }

    // Of a fault in a transaction, which is being rolled back by those who began it.
    private void Die(SimNode node)
    {
        Kill(node, "crash in a transaction");
        Clock.After(TimeSpan.FromSeconds(Dice.Roll("down", node.Number, node.Life) * 8), () => Begin(node.Number));
    }

    private void Bury(SimNode node)
    {
        node.Thread.Kill();
        node.Store.CloseSessions();
        escaped |= node.Thread.Escaped;
    }

    // The dispatcher's loop.
    private void Round(SimNode node)
    {
        if (!node.IsAlive || node.IsStopping || isOver) return;
        if (node.IsSuspended || node.IsLooking)
        {
            Clock.After(Poll, () => Round(node));
            return;
        }

        Look(node);
        Clock.After(node.Outlets.Held == 0 ? IdlePoll : Poll, () => Round(node));
    }

    private void Look(SimNode node)
    {
        node.IsLooking = true;
        Guard(node, async () =>
        {
            try
            {
                await node.Get<RegistryCache>().RefreshAsync(CancellationToken.None);
                await node.Get<LeaseKeeper>().RenewAsync();
                await node.Get<DeliveryDispatcher>().RunOnceAsync(CancellationToken.None);
            }
            finally
            {
                node.IsLooking = false;
            }
        });
    }

    private void Repeat(SimNode node, TimeSpan interval, TimeSpan first, Func<RecurringJobs, Task> job) => Clock.After(first, () =>
    {
        if (!node.IsAlive || node.IsStopping || isOver) return;
        if (!node.IsSuspended) Guard(node, () => job(node.Get<RecurringJobs>()));
        Repeat(node, interval, interval, job);
    });

    // Everything that can be done without time passing.
    private void Settle()
    {
        do
        {
            while (turns.TryDequeue(out var thread)) thread.TakeTurn();
            foreach (var node in nodes) if (node is { IsAlive: true, IsSuspended: false }) Attend(node);
        }
        while (turns.Count > 0);
    }

    private void Attend(SimNode node)
    {
        node.StartJobs();
        if (!node.IsWriting && node.Committer.QueueLength > 0)
        {
            node.IsWriting = true;
            Clock.After(TimeSpan.FromMilliseconds(Dice.Roll(8, "flush", node.Number, node.Flushes++)), () => Write(node));
        }

        if (!node.IsLooking && !node.IsStopping && node.Outlets.WaitAsync(TimeSpan.Zero, CancellationToken.None) is Task<bool> { Result: true }) Look(node);
    }

    private void Write(SimNode node)
    {
        node.IsWriting = false;
        if (!node.IsAlive || node.IsSuspended) return;
        _ = node.Committer.WriteAsync(new SimNode.Notice());
        node.Committer.WriteWaiting();
    }
}
