using System.Net;
using System.Net.Sockets;

namespace TxMsg.FaultTests.Faults.Receivers;

/// <summary>One tenant has a thousand endpoints that do not answer and a mountain of deliveries that wait for them; the others don't notice.</summary>
internal sealed record DeadEndpoints() : Fault(16, "dead-endpoints", "one tenant with up to 1,000 dead endpoints and a mountain of waiting deliveries: the others' p99 stays (I9)")
{
    private const string Topic = "dead";
    private const int Registering = 16;
    private const int Sends = 5;
    private const int ProbedMessages = 300;

    public override IReadOnlyList<string> Sizes => ["endpoints", "waiting"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var (endpoints, waiting) = (run.Size("endpoints", 200, 1_000), run.Size("waiting", 10_000, 1_000_000));
        // A fifth of them let nobody connect and say nothing, the others refuse.
        using var silent = Silent();
        await using var world = await World.StartAsync(run, settings => settings.With("TxMsg:Deliveries:Timeout", "00:00:15").With("TxMsg:Deliveries:Lease", "00:01:00"), producers: 1);
        world.Recorder.Subscribe(Topic);
        var probe = new Probe(world);
        await probe.MeasureAsync(100);
        var baseline = await probe.MeasureAsync(ProbedMessages);
        await Parallel.ForAsync(0, endpoints, new ParallelOptions { MaxDegreeOfParallelism = Registering }, async (number, _) =>
        {
            var port = number % 5 == 0 ? ((IPEndPoint)silent.LocalEndPoint!).Port : 9;
            var body = new { topic = Topic, endpoint = $"http://127.7.{number / 250}.{(number % 250) + 1}:{port}/" };
            var answer = await world.Calls.PutAsync($"/v1/subscriptions/dead-{number}", body);
            if (answer?.Status != 201) throw new FaultTestException($"A subscription was answered {answer}");
        });
        run.Say($"{endpoints} dead endpoints, baseline {baseline.TotalMilliseconds:0} ms");
        // Piling them up is work that everybody shares; that they wait, and are tried in vain, is what nobody may notice.
        await SendAsync(world, waiting / endpoints);
        var with = await probe.CompareAsync(baseline, ProbedMessages);
        var held = await WaitingAsync(world);
        if (held < waiting * 9L / 10) world.Recorder.Violate($"only {held} deliveries wait: the fault was not shown");
        var usage = Recording.ProcessUsage.Of(world.Coordinator.ProcessId);
        return await new Judge(world).JudgeAsync(this, run) with
        {
            Times = held,
            Note = FormattableString.Invariant($"p99 {baseline.TotalMilliseconds:0} ms before, {with.TotalMilliseconds:0} ms with it; {usage.Handles} handles, {usage.Megabytes} MB"),
        };
    }

    // Its queue of connections is full, so that a connect is not answered at all.
    private static Socket Silent()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(1);
        return listener;
    }

    private static async Task SendAsync(World world, int messages)
    {
        for (var number = 0; number < messages; number++)
        {
            var message = world.Recorder.Begin(Topic, Truth.MayArrive);
            // A fan-out to all of them takes a while on a busy machine; to send it again is safe.
            var answer = await world.Calls.SendAsync(world.Producers[0], message);
            for (var attempt = 2; answer is null && attempt <= Sends; attempt++) answer = await world.Calls.SendAsync(world.Producers[0], message);
            if (answer?.IsSuccess != true) throw new FaultTestException($"A message to dead endpoints was answered {answer}");
            message.IsStored = message.VerdictWasAcknowledged = true;
            message.Decide(Truth.MustArrive);
        }
    }

    private static async Task<long> WaitingAsync(World world)
    {
        var deliveries = (await world.Calls.GetAsync("/v1/stats"))!.Json.GetProperty("deliveries");
        return deliveries.GetProperty(DeliveryStates.Pending).GetInt64() + deliveries.GetProperty(DeliveryStates.Leased).GetInt64();
    }
}
