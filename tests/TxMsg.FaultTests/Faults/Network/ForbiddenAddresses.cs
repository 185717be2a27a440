using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using TxMsg.FaultTests.Faults.Receivers;

namespace TxMsg.FaultTests.Faults.Network;

/// <summary>Somebody tries to make the coordinator call an address that it must not call (I6), by every way there is to write or to hide one.</summary>
internal sealed record ForbiddenAddresses() : Fault(12, "forbidden-address", "names and notations of forbidden addresses, rebinding, proxies in the environment, for endpoints, check-backs and alerts (I6)")
{
    private const string Topic = "forbidden";
    private const string Rebound = "rebound.example";
    private const string Admin = "an-admin-key-of-the-fault-tests-0123456789";
    private const string AlertSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly IPAddress Forbidden = IPAddress.Parse("127.0.0.2");

    // Not one of them leads to the one address that may be called.
    private static readonly string[] Notations =
    [
        "127.0.0.2", "127.2", "0177.0.0.2", "0x7f.0.0.2", "0x7f000002", "2130706434", "017700000002", "127.0.2", "[::ffff:127.0.0.2]", "[::ffff:7f00:2]",
        "[::127.0.0.2]", "[64:ff9b::7f00:2]", "[64:ff9b:1::7f00:2]", "[2002:7f00:2::]", "[::1]", "[::]", "0.0.0.0", "0", "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "10.0.0.1",
        "１２７.0.0.2", "127。0。0。2",
    ];

    // As a name server of theirs would answer.
    private static readonly (string Name, string Address)[] Names =
    [
        ("forbidden.example", "127.0.0.2"), ("mapped.example", "::ffff:127.0.0.2"), ("nat64.example", "64:ff9b::7f00:2"), ("six.example", "::1"), ("any.example", "0.0.0.0"), ("metadata.example", "169.254.169.254"),
    ];

    public override string? Lacks => Hosts.Lacks;

    public override IReadOnlyList<string> Sizes => ["rebindings"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var rebindings = run.Size("rebindings", 150, 20_000);
        using var hosts = new Hosts();
        // Where a connection must not come from: the very port of the endpoints, on every other address of this machine.
        var traps = new List<HostileReceiver>();
        World? world = null;
        try
        {
            world = await StartAsync(run, hosts, traps);
            await RefuseNotationsAsync(world);
            var subscribed = await SubscribeNamesAsync(world);
            var half = await PrepareForNamesAsync(world);
            await RebindAsync(world, hosts, rebindings);
            await CheckAttemptsAsync(world, subscribed);
            await CheckCheckBacksAsync(world, half);
            await world.UntilAsync("the alert to be refused its way", () => Task.FromResult(world.Coordinator.Log.Contains("an address of alert.example", StringComparison.Ordinal)), TimeSpan.FromSeconds(30));
            foreach (var trap in traps.Where(trap => trap.Connections > 0)) world.Recorder.Violate($"I6: {trap.Connections} connections to {trap.Address}");
            return await new Judge(world) { WireLoses = true }.JudgeAsync(this, run) with
            {
                Times = Notations.Length + Names.Length + rebindings,
                Note = FormattableString.Invariant($"{traps.Count} traps, {Notations.Length} notations, {Names.Length} names, {rebindings} rebindings"),
            };
        }
        finally
        {
            if (world is not null) await world.DisposeAsync();
            foreach (var trap in traps) await trap.DisposeAsync();
        }
    }

    private static async Task<World> StartAsync(FaultRun run, Hosts hosts, List<HostileReceiver> traps)
    {
        // The proxy, too, is an address that nobody may be sent to.
        var proxy = new HostileReceiver((_, _) => Task.CompletedTask, new IPEndPoint(Forbidden, 0));
        traps.Add(proxy);
        string[] variables = [.. new[] { "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy" }.Select(name => $"{name}={proxy.Address}")];
        hosts.Write("127.0.0.2 alert.example\n" + Lines("127.0.0.1"));
        var world = await World.StartAsync(
            run,
            settings => settings.RequiringKeys(Admin).With("TxMsg:Webhooks:AllowedNetworks:0", "127.0.0.1/32").With("TxMsg:Webhooks:ConnectionLifetime", "00:00:01")
                .With("TxMsg:Webhooks:ConnectionIdleTimeout", "00:00:01")
                .With("TxMsg:Alerts:Url", $"http://alert.example:{proxy.Address.Port}/").With("TxMsg:Alerts:Secret", AlertSecret).With("TxMsg:Alerts:CheckInterval", "00:00:01"),
            producers: 1,
            launcher: hosts.Launcher(variables),
            adminKey: Admin);
        var port = world.Endpoints.Address.Port;
        foreach (var address in Others()) traps.Add(new HostileReceiver((_, _) => Task.CompletedTask, new IPEndPoint(address, port)));
        return world;
    }

    // A literal is refused at once, however it is written. What is an address only to those who know Unicode may be taken, and is judged as names are.
    private static async Task RefuseNotationsAsync(World world)
    {
        foreach (var (notation, number) in Notations.Select((notation, number) => (notation, number)))
        {
            var url = $"http://{notation}:{world.Endpoints.Address.Port}/";
            var endpoint = await world.Calls.PutAsync($"/v1/subscriptions/literal-{number}", new { topic = Topic, endpoint = url });
            var checkBack = await world.Calls.PutAsync($"/v1/producers/literal-{number}", new { checkBackUrl = url });
            if (System.Text.Ascii.IsValid(notation) && (endpoint?.Status != 400 || checkBack?.Status != 400)) world.Recorder.Violate($"I6: {url} was taken: {endpoint}, {checkBack}");
        }
    }

    // A name says nothing yet, and is judged at every connect.
    private static async Task<MessageRecord> SubscribeNamesAsync(World world)
    {
        world.Recorder.Subscribe(Topic);
        foreach (var (name, _) in Names)
            Expect(201, await world.Calls.PutAsync($"/v1/subscriptions/{name}", new { topic = Topic, endpoint = $"http://{name}:{world.Endpoints.Address.Port}/", retryScheduleSeconds = new[] { 0.5 } }));
        var message = world.Recorder.Begin(Topic, Truth.MayArrive);
        Expect(201, await world.Calls.SendAsync(world.Producers[0], message));
        message.IsStored = message.VerdictWasAcknowledged = true;
        message.Decide(Truth.MustArrive);
        return message;
    }

    private static async Task<List<MessageRecord>> PrepareForNamesAsync(World world)
    {
        var messages = new List<MessageRecord>();
        foreach (var (name, _) in Names)
        {
            Expect(201, await world.Calls.PutAsync($"/v1/producers/{name}", new { checkBackUrl = $"http://{name}:{world.Endpoints.Address.Port}/", checkBackAfterSeconds = 1 }));
            var message = world.Recorder.Begin(Topic);
            Expect(201, await world.Calls.PrepareAsync(name, message));
            message.IsStored = true;
            messages.Add(message);
        }

        return messages;
    }

    // The name leads to the endpoint or to a trap on the same port, and changes all the time.
    private static async Task RebindAsync(World world, Hosts hosts, int rebindings)
    {
        const string Subscription = "billing";
        var endpoint = new UriBuilder(world.Endpoints.Consumer(Subscription)) { Host = Rebound }.Uri;
        Expect(200, await world.Calls.PutAsync($"/v1/subscriptions/{Subscription}", new { topic = Topics.Orders, endpoint, retryScheduleSeconds = Enumerable.Repeat(0.2, 100) }));
        var load = world.StartLoad(clientsOfEach: 2);
        for (var number = 0; number < rebindings; number++)
        {
            hosts.Write("127.0.0.2 alert.example\n" + Lines(number % 2 == 0 ? "127.0.0.2" : "127.0.0.1"));
            await Task.Delay(20);
        }

        hosts.Write("127.0.0.2 alert.example\n" + Lines("127.0.0.1"));
        await load.EndAsync();
        await world.UntilAsync("what goes to a name that changes", () => Task.FromResult(!world.Recorder.Messages.Any(message => world.Recorder.Missing(message).Any())), TimeSpan.FromMinutes(2));
    }

    private static async Task CheckAttemptsAsync(World world, MessageRecord message)
    {
        var attempts = new List<JsonElement>();
        await world.UntilAsync("the attempts at forbidden names", async () =>
        {
            attempts = [.. (await EventsAsync(world, message, "deliveryAttempt")).Where(attempt => Names.Any(name => name.Name == attempt.GetProperty("subscription").GetString()))];
            return attempts.Count == Names.Length * 2;
        }, TimeSpan.FromSeconds(30));
        foreach (var attempt in attempts.Where(attempt => attempt.GetProperty("outcome").GetString() != "addressForbidden")) world.Recorder.Violate($"I8: {attempt}");
    }

    private static async Task CheckCheckBacksAsync(World world, List<MessageRecord> messages)
    {
        foreach (var message in messages)
        {
            await world.UntilAsync("a check-back at a forbidden name", async () => (await EventsAsync(world, message, "checkBack")).Count > 0, TimeSpan.FromSeconds(30));
            foreach (var asked in await EventsAsync(world, message, "checkBack"))
                if (asked.GetProperty("answer").GetString() != "unreachable") world.Recorder.Violate($"I6: {asked}");
            Expect(200, await world.Calls.DecideAsync(message, Verdicts.Rollback));
            message.Decide(Truth.MustNotArrive);
        }
    }

    private static async Task<List<JsonElement>> EventsAsync(World world, MessageRecord message, string kind) =>
        [.. (await world.Calls.GetAsync($"/v1/messages/{message.Id}/timeline"))!.Json.GetProperty("events").EnumerateArray().Where(entry => entry.GetProperty("kind").GetString() == kind)];

    private static void Expect(int status, CallAnswer? answer)
    {
        if (answer?.Status != status) throw new FaultTestException($"Expected {status}, and was answered {answer}");
    }

    private static string Lines(string rebound) => string.Concat(Names.Select(name => $"{name.Address} {name.Name}\n")) + $"{rebound} {Rebound}\n";

    // Every address of this machine but the one that may be called.
    private static IEnumerable<IPAddress> Others() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address)
        .Where(address => !address.Equals(IPAddress.Loopback) && !address.IsIPv6LinkLocal && (address.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6))
        .Append(Forbidden).Distinct();
}
