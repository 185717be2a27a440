using System.Diagnostics;
using System.Text.Json;

namespace TxMsg.FaultTests.Workload;

/// <summary>A coordinator with its producers and consumers, and the recorder beside them.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private readonly FaultRun run;
    private readonly Ways ways;
    private readonly CoordinatorCalls producerCalls;

    private World(FaultRun run, Coordinator coordinator, Recorder recorder, Endpoints endpoints, Ways ways, string? adminKey)
    {
        (this.run, Coordinator, Recorder, Endpoints, this.ways) = (run, coordinator, recorder, endpoints, ways);
        Calls = new CoordinatorCalls(() => coordinator.Address, CallTimeout, adminKey);
        producerCalls = new CoordinatorCalls(() => ways.ToCoordinator(coordinator.Address), ways.CallTimeout, adminKey);
    }

    public Coordinator Coordinator { get; }

    public Recorder Recorder { get; }

    public Endpoints Endpoints { get; }

    /// <summary>Straight to the coordinator, whatever stands between it and its producers.</summary>
    public CoordinatorCalls Calls { get; }

    /// <summary>Where the default configuration puts the store.</summary>
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
        .With("TxMsg:Deliveries:Timeout", "00:00:02")
        .With("TxMsg:Deliveries:Lease", "00:00:04");

    /// <summary>Starts the coordinator and registers producers and consumers with it.</summary>
    public static async Task<World> StartAsync(FaultRun run, Func<Settings, Settings>? change = null, int producers = 8, IReadOnlyList<string>? launcher = null, Ways? ways = null, string? adminKey = null)
    {
        var recorder = new Recorder();
        var endpoints = await Endpoints.StartAsync(recorder, Topics.Consumers);
        try
        {
            var coordinator = await Coordinator.StartAsync(change is null ? QuickSettings : change(QuickSettings), adminKey, launcher);
            var world = new World(run, coordinator, recorder, endpoints, ways ?? Ways.Direct, adminKey);
            await world.RegisterAsync(producers);
            return world;
        }
        catch
        {
            await endpoints.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts producers that go on until their load is ended.</summary>
    public Load StartLoad(int clientsOfEach = 4) => Load.Start(Producers, clientsOfEach, Recorder, producerCalls, run.Random);

    /// <summary>SIGKILL; every delivery that was under way may come again.</summary>
    public async Task KillAsync()
    {
        await Coordinator.KillAsync();
        Recorder.Strike();
    }

    /// <summary>Waits until so many more messages were begun, so that a fault strikes in the middle of work and not at a time.</summary>
    public Task MoreMessagesAsync(int count, TimeSpan? within = null)
    {
        var goal = Recorder.Count + count;
        return UntilAsync($"{count} more messages", () => Task.FromResult(Recorder.Count >= goal), within ?? TimeSpan.FromMinutes(1));
    }

    /// <summary>Waits until the coordinator has nothing left to do: all is decided, nothing pending, nothing leased. Returns how long it took.</summary>
    public async Task<TimeSpan> DrainAsync(TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        var limit = within ?? TimeSpan.FromMinutes(2);
        await UntilAsync("everything to be decided and delivered (I5)", IsDrainedAsync, limit);
        return clock.Elapsed;
    }

    public async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan limit)
    {
        for (var clock = Stopwatch.StartNew(); !await condition();)
        {
            if (clock.Elapsed > limit) throw new FaultTestException($"Waited {limit.TotalSeconds:0} s in vain for {what}. The coordinator printed last:\n{LogTail()}");
            await Task.Delay(Poll, run.Cancellation);
        }
    }

    public string LogTail(int lines = 40) => string.Join('\n', Coordinator.Log.Split('\n').TakeLast(lines));

    public async ValueTask DisposeAsync()
    {
        Calls.Dispose();
        producerCalls.Dispose();
        await Coordinator.DisposeAsync();
        await Endpoints.DisposeAsync();
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

    private async Task<bool> IsDrainedAsync()
    {
        var stats = await Calls.GetAsync("/v1/stats");
        return stats?.Status == 200 && Work(stats.Json) == 0;
    }

    private static long Work(JsonElement stats) =>
        Sum(stats.GetProperty("messages"), MessageStates.Prepared) + Sum(stats.GetProperty("deliveries"), DeliveryStates.Pending, DeliveryStates.Leased);

    private static long Sum(JsonElement counts, params string[] states) => states.Sum(state => counts.TryGetProperty(state, out var count) ? count.GetInt64() : 0);
}
