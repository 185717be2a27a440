using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using TxMsg.Samples.Shop.Orders;

namespace TxMsg.Samples.Shop.Processes;

/// <summary>The running shop: the coordinator, the order service and the three consumers, each a process with its own database and port.</summary>
internal sealed class ShopFloor : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly bool keepsFolder;
    private readonly Dictionary<string, ChildProcess> processes = [];
    private readonly Dictionary<string, Uri> addresses;

    private ShopFloor(ShopOptions options, int budgetAttempts)
    {
        keepsFolder = options.Folder is not null;
        Folder = options.Folder ?? Directory.CreateTempSubdirectory("txmsg-shop-").FullName;
        addresses = RoleNames.All.Zip(FreePorts(RoleNames.All.Length)).ToDictionary(pair => pair.First, pair => new Uri($"http://127.0.0.1:{pair.Second}"));
        Coordinator = new CoordinatorApi(Http, addresses[RoleNames.Coordinator]);
        Add(RoleNames.Coordinator, [options.ServerDll ?? BuiltServerDll], CoordinatorSettings.For(addresses[RoleNames.Coordinator], Path.Combine(Folder, "coordinator.db")));
        var secret = new Dictionary<string, string> { [RoleOptions.SecretVariable] = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        foreach (var name in RoleNames.Services)
        {
            var role = new RoleOptions(name, addresses[name].Port, addresses[RoleNames.Coordinator], Folder, name == RoleNames.Budget ? budgetAttempts : 60);
            Add(name, [typeof(ShopFloor).Assembly.Location, .. role.ToArguments()], secret);
        }
    }

    public string Folder { get; }

    public CoordinatorApi Coordinator { get; }

    public IReadOnlyDictionary<string, ChildProcess> Processes => processes;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    private static string BuiltServerDll => typeof(ShopFloor).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ServerDll").Value!;

    /// <summary>Starts everything, and returns when orders can be placed.</summary>
    public static async Task<ShopFloor> OpenAsync(ShopOptions options, int budgetAttempts, CancellationToken cancellationToken)
    {
        if (options.Folder is not null) Directory.CreateDirectory(options.Folder);
        if (options.Folder is not null && Directory.EnumerateFileSystemEntries(options.Folder).Any()) throw new ShopException($"{options.Folder} is not empty.");
        var floor = new ShopFloor(options, budgetAttempts);
        try
        {
            await floor.StartAsync(RoleNames.Coordinator, cancellationToken);
            await Task.WhenAll(RoleNames.Services.Select(name => floor.StartAsync(name, cancellationToken)));
            await floor.UntilAsync("the producer's registration", () => floor.Coordinator.HasProducerAsync(OrderService.Producer, cancellationToken), StartLimit, cancellationToken);
            return floor;
        }
        catch
        {
            await floor.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process (again), and returns when it is ready.</summary>
    public async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        processes[name].Start();
        var health = new Uri(addresses[name], name == RoleNames.Coordinator ? "/health/ready" : ServiceHost.HealthPath);
        await UntilAsync($"{name} to be ready", async () => processes[name].IsRunning ? await IsOkAsync(health, cancellationToken) : throw Ended(name), StartLimit, cancellationToken);
    }

    /// <summary>Waits for a condition; a connection that fails is a condition that does not hold yet.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                if (await condition()) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException && clock.Elapsed < limit)
            {
                // Whoever was asked is not there, or was killed while it answered.
            }

            if (clock.Elapsed >= limit) throw new ShopException($"Waited {limit.TotalSeconds:0} seconds for {what}.");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    public Task<HttpResponseMessage> PlaceAsync(Order order, CancellationToken cancellationToken) =>
        Http.PostAsJsonAsync(new Uri(addresses[RoleNames.Orders], "/orders"), order, cancellationToken);

    public async Task TellAsync(string service, string path, CancellationToken cancellationToken)
    {
        using var answer = await Http.PostAsync(new Uri(addresses[service], path), null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        foreach (var process in processes.Values) process.Dispose();
        Http.Dispose();
        if (!keepsFolder) Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Add(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment) =>
        processes.Add(name, new ChildProcess(name, command, environment, Folder));

    private async Task<bool> IsOkAsync(Uri address, CancellationToken cancellationToken)
    {
        using var answer = await Http.GetAsync(address, cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private ShopException Ended(string name) => new($"{name} ended at its start. It printed:\n{File.ReadAllText(processes[name].LogPath)}");

    // All at once, so that they differ.
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }
}
