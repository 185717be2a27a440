using System.Diagnostics;
using System.Text.Json;

namespace TxMsg.FaultTests.Workload;

/// <summary>A coordinator, of one node or several, with its producers and consumers, and the recorder beside them.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    /// <summary>Of several nodes.</summary>
    public static readonly TimeSpan NodesLease = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly FaultRun run;
    private readonly Cluster? cluster;
    private readonly Ways ways;
    private int loads;
    private int turn;

    private World(FaultRun run, IReadOnlyList<Coordinator> nodes, Cluster? cluster, Recorder recorder, Endpoints endpoints, Ways ways, string? adminKey)
    {
        (this.run, Nodes, Serving, this.cluster, Recorder, Endpoints, this.ways) = (run, nodes, nodes, cluster, recorder, endpoints, ways);
        Calls = new CoordinatorCalls(NextAddress, CallTimeout, adminKey);
        ProducerCalls = new CoordinatorCalls(() => ways.ToCoordinator(NextAddress()), ways.CallTimeout, adminKey);
    }

    public Coordinator Coordinator => Nodes[0];

    public IReadOnlyList<Coordinator> Nodes { get; }

    /// <summary>The nodes that calls go to, in turn, as through a load balancer.</summary>
    public IReadOnlyList<Coordinator> Serving { get; set; }

    public Recorder Recorder { get; }

    public Endpoints Endpoints { get; }

    /// <inheritdoc cref="FaultRun.JudgesTimes"/>
    public bool JudgesTimes => run.JudgesTimes;

    /// <summary>Straight to the coordinator, whatever stands between it and its producers.</summary>
    public CoordinatorCalls Calls { get; }

    /// <summary>Those of the producers, by the way that stands between.</summary>
    public CoordinatorCalls ProducerCalls { get; }

    public bool HasStoreFile => cluster is null;

    /// <summary>Where the default configuration puts the store, if it is a file.</summary>
    public string StorePath => Path.Combine(Coordinator.Folder, "data", "txmsg.db");

    public IReadOnlyList<string> Producers { get; private set; } = [];

    /// <summary>Quick timers, so that a short run sees everything happen.</summary>
    public static Settings QuickSettings { get; } = Settings.None
        .With("TxMsg:CheckBacks:CheckBackAfter", "00:00:02")
        .With("TxMsg:CheckBacks:SweepInterval", "00:00:01")
        .With("TxMsg:CheckBacks:MinBackoff", "00:00:01")
        .With("TxMsg:CheckBacks:MaxBackoff", "00:00:02")
        .With("TxMsg:CheckBacks:MaxUnknownAnswers", "1000")
        .With("TxMsg:CheckBacks:Timeout", "00:00:02")
        // Longer than a starved machine takes to read an answer: what timed out comes again, and looks like a duplicate without an excuse.
        .With("TxMsg:Deliveries:Timeout", "00:00:10")
        .With("TxMsg:Deliveries:Lease", "00:00:20");

    /// <summary>Starts the coordinator and registers producers and consumers with it.</summary>
    public static Task<World> StartAsync(
        FaultRun run, Func<Settings, Settings>? change = null, int producers = 8, IReadOnlyList<string>? launcher = null, Ways? ways = null, string? adminKey = null) =>
        StartAsync(run, producers, ways ?? Ways.Direct, adminKey, async () => ([await Coordinator.StartAsync(change is null ? QuickSettings : change(QuickSettings), adminKey, launcher)], null));

    /// <summary>The same with so many nodes on one database of SQL Server, whose leases outlast what a busy database may keep a node waiting.</summary>
    public static Task<World> StartNodesAsync(FaultRun run, int nodes, int producers = 4) => StartAsync(run, producers, Ways.Direct, null, async () =>
    {
        var cluster = await Cluster.StartAsync(nodes, QuickSettings.With("TxMsg:Deliveries:Timeout", "00:00:04").With("TxMsg:Deliveries:Lease", NodesLease.ToString("c")));
        return (cluster.Nodes, cluster);
    });

    /// <summary>Starts producers that go on until their load is ended.</summary>
    public Load StartLoad(int clientsOfEach = 4) => Load.Start(++loads, Producers, clientsOfEach, Recorder, ProducerCalls, run.Random);

    /// <summary>SIGKILL; every delivery that was under way may come again.</summary>
    public async Task KillAsync()
    {
        await Coordinator.KillAsync();
        Recorder.Strike();
    }

    /// <summary>Waits until so many more messages were acknowledged, so that a fault strikes in the middle of work and not at a time.</summary>
    public Task MoreMessagesAsync(int count, TimeSpan? within = null)
    {
        var goal = Recorder.Acknowledged + count;
        return UntilAsync($"{count} more messages", () => Task.FromResult(Recorder.Acknowledged >= goal), within ?? TimeSpan.FromMinutes(1));
    }

    /// <summary>Waits until the coordinator has nothing left to do: all is decided, nothing pending, nothing leased. Returns how long it took.</summary>
    public async Task<TimeSpan> DrainAsync(TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        var left = "";
        await UntilAsync(() => $"everything to be decided and delivered (I5); left are {left}", IsDrainedAsync, within ?? TimeSpan.FromMinutes(2));
        return clock.Elapsed;

        async Task<bool> IsDrainedAsync()
        {
            var stats = await Calls.GetAsync("/v1/stats");
            left = stats is { Status: 200 } ? $"{stats.Json.GetProperty("messages")} and {stats.Json.GetProperty("deliveries")}" : "unknown";
            return stats?.Status == 200 && Work(stats.Json) == 0;
        }
    }

    public Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan limit) => UntilAsync(() => what, condition, limit);

    private async Task UntilAsync(Func<string> what, Func<Task<bool>> condition, TimeSpan limit)
    {
        for (var clock = Stopwatch.StartNew(); !await condition();)
        {
            if (clock.Elapsed > limit) throw new FaultTestException($"Waited {limit.TotalSeconds:0} s in vain for {what()}. The coordinator printed last:\n{LogTail()}");
            await Task.Delay(Poll, run.Cancellation);
        }
    }

    public string LogTail(int lines = 40) => string.Join("\n-- node --\n", Nodes.Select(node => string.Join('\n', node.Log.Split('\n').TakeLast(lines))));

    public async ValueTask DisposeAsync()
    {
        Calls.Dispose();
        ProducerCalls.Dispose();
        if (cluster is null) await Coordinator.DisposeAsync();
        else await cluster.DisposeAsync();
        await Endpoints.DisposeAsync();
    }

    private static async Task<World> StartAsync(FaultRun run, int producers, Ways ways, string? adminKey, Func<Task<(IReadOnlyList<Coordinator>, Cluster?)>> startNodesAsync)
    {
        var recorder = new Recorder();
        var endpoints = await Endpoints.StartAsync(recorder, Topics.Consumers);
        try
        {
            var (nodes, cluster) = await startNodesAsync();
            var world = new World(run, nodes, cluster, recorder, endpoints, ways, adminKey);
            await world.RegisterAsync(producers);
            return world;
        }
        catch
        {
            await endpoints.DisposeAsync();
            throw;
        }
    }

    private Uri NextAddress()
    {
        var serving = Serving;
        return serving[(int)((uint)Interlocked.Increment(ref turn) % serving.Count)].Address;
    }

    private async Task RegisterAsync(int producers)
    {
        Recorder.Subscribe(Topics.Orders, Topics.Billing, Topics.Points);
        Recorder.Subscribe(Topics.Stock, Topics.Warehouse);
        Producers = [.. Enumerable.Range(1, producers).Select(number => $"shop-{number}")];
        foreach (var producer in Producers)
            Endpoints.Trust(Endpoints.CheckBack(producer), await PutAsync($"/v1/producers/{producer}", new { checkBackUrl = ways.ToCheckBacks(Endpoints.CheckBack(producer)) }));
        foreach (var consumer in Topics.Consumers)
        {
            var isWarehouse = consumer == Topics.Consumers[Topics.Warehouse];
            var body = new { topic = isWarehouse ? Topics.Stock : Topics.Orders, endpoint = ways.ToConsumers(Endpoints.Consumer(consumer)), ordered = isWarehouse, retryScheduleSeconds = Enumerable.Repeat(1, 100) };
            Endpoints.Trust(Endpoints.Consumer(consumer), await PutAsync($"/v1/subscriptions/{consumer}", body));
        }
    }

    // The secret that was made.
    private async Task<string> PutAsync(string path, object body)
    {
        var answer = await Calls.PutAsync(path, body);
        return answer?.Status == 201 ? answer.Json.GetProperty("secret").GetString()! : throw new FaultTestException($"PUT {path} was answered {answer}");
    }

    private static long Work(JsonElement stats) =>
        Sum(stats.GetProperty("messages"), MessageStates.Prepared) + Sum(stats.GetProperty("deliveries"), DeliveryStates.Pending, DeliveryStates.Leased);

    private static long Sum(JsonElement counts, params string[] states) => states.Sum(state => counts.TryGetProperty(state, out var count) ? count.GetInt64() : 0);
}
