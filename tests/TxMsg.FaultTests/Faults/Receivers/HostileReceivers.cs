using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TxMsg.FaultTests.Faults.Receivers;

/// <summary>Receivers that try to keep the coordinator busy, to fill its memory, or to lead it astray, beside healthy ones.</summary>
internal sealed record HostileReceivers() : Fault(11, "hostile-receiver", "receivers that hang, drip, flood, bomb, redirect and lie, beside healthy ones that don't notice (I9)")
{
    private const string Topic = "hostile";
    private const int Attempts = 2;
    private const int ProbedMessages = 300;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public override IReadOnlyList<string> Sizes => ["hostile-messages"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var messages = run.Size("hostile-messages", 3, 1_000);
        await using var trap = new HostileReceiver((_, _) => Task.CompletedTask);
        var hostilities = Hostility.All(trap.Address);
        var receivers = hostilities.Select(hostility => new HostileReceiver(hostility)).ToList();
        await using var world = await World.StartAsync(run, settings => settings.With("TxMsg:Retention:SweepInterval", "00:00:01"), producers: 1);
        try
        {
            world.Recorder.Subscribe(Topic);
            var probe = new Probe(world);
            await probe.MeasureAsync(100);
            var baseline = await probe.MeasureAsync(ProbedMessages);
            foreach (var (hostility, receiver) in hostilities.Zip(receivers))
                await PutAsync(world, hostility.Name, new { topic = Topic, endpoint = receiver.Address, timeoutSeconds = 1, retryScheduleSeconds = Enumerable.Repeat(0.5, Attempts - 1) });
            var sent = await SendAsync(world, messages);
            var during = await probe.CompareAsync(baseline, ProbedMessages);
            await world.UntilAsync("every hostile delivery to end", async () => (await world.Calls.GetAsync("/v1/stats"))!.Json.GetProperty("deliveries") is var states && Undone(states) == 0, DrainedWithin(messages));
            foreach (var message in sent.Take(20)) await CompareAsync(world, message, hostilities);
            if (trap.Connections > 0) world.Recorder.Violate($"I6: a redirect was followed {trap.Connections} times");
            foreach (var (hostility, receiver) in hostilities.Zip(receivers).Where(pair => pair.Second.Connections == 0)) world.Recorder.Violate($"nothing reached '{hostility.Name}': the fault was not shown");
            await CheckRetryAfterAsync(world);
            return await new Judge(world).JudgeAsync(this, run) with
            {
                Times = receivers.Sum(receiver => receiver.Connections),
                Note = FormattableString.Invariant($"{hostilities.Count} kinds; p99 {baseline.TotalMilliseconds:0} ms before, {during.TotalMilliseconds:0} ms beside them"),
            };
        }
        finally
        {
            foreach (var receiver in receivers) await receiver.DisposeAsync();
        }
    }

    // An endpoint that hangs is left alone, and then tried with four deliveries at a time, for a second each.
    private static TimeSpan DrainedWithin(int messages) => TimeSpan.FromMinutes(2) + messages * TimeSpan.FromSeconds(1.5);

    // I8: each attempt as it is documented, and as many as the schedule says.
    private static async Task CompareAsync(World world, MessageRecord message, IReadOnlyList<Hostility> hostilities)
    {
        var events = (await world.Calls.GetAsync($"/v1/messages/{message.Id}/timeline"))!.Json.GetProperty("events").EnumerateArray().ToList();
        foreach (var hostility in hostilities)
        {
            var attempts = events.Where(entry => Text(entry, "kind") == "deliveryAttempt" && Text(entry, "subscription") == hostility.Name).ToList();
            var expected = hostility.Outcome == "delivered" ? 1 : Attempts;
            if (attempts.Count != expected) world.Recorder.Violate($"I8: '{hostility.Name}' has {attempts.Count} attempts in the log, not {expected}");
            foreach (var attempt in attempts.Where(attempt => Text(attempt, "outcome") != hostility.Outcome || Status(attempt) != hostility.Status))
                world.Recorder.Violate($"I8: '{hostility.Name}' is logged as {attempt}");
            // A receiver must not decide how much of its words is kept.
            foreach (var attempt in attempts.Where(attempt => (Text(attempt, "error") ?? "").Length > 1_000)) world.Recorder.Violate($"'{hostility.Name}' left {Text(attempt, "error")!.Length} characters");
        }
    }

    // Each asks for a wait in its own way, and gets at most an hour.
    private static async Task CheckRetryAfterAsync(World world)
    {
        const double Scheduled = 20;
        var now = DateTimeOffset.UtcNow;
        (string Name, string Header, double From, double To)[] asked =
        [
            ("seconds", "7", 7, 8), ("date", now.AddSeconds(600).ToString("R", CultureInfo.InvariantCulture), 500, 605),
            ("ten-years", "315360000", Longest.TotalSeconds * 0.99, Longest.TotalSeconds * 1.01), ("more-than-a-number", new string('9', 40), Longest.TotalSeconds * 0.99, Longest.TotalSeconds * 1.01),
            ("nonsense", "soon, I promise", Scheduled * 0.85, Scheduled * 1.15),
        ];
        foreach (var (name, header, from, to) in asked)
        {
            var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 503 No\r\nRetry-After: {header}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            await using var receiver = new HostileReceiver(async (stream, end) =>
            {
                await HostileReceiver.ReadRequestAsync(stream, end);
                await stream.WriteAsync(answer, end);
            });
            var (topic, subscription) = ($"later-{name}", $"later-{name}");
            world.Recorder.Subscribe(topic);
            await PutAsync(world, subscription, new { topic, endpoint = receiver.Address, retryScheduleSeconds = new[] { Scheduled, Scheduled } });
            var message = (await SendAsync(world, 1, topic)).Single();
            JsonElement delivery = default;
            await world.UntilAsync($"the attempt of '{name}'", async () =>
            {
                delivery = (await world.Calls.GetAsync($"/v1/messages/{message.Id}"))!.Json.GetProperty("deliveries")[0];
                return delivery.GetProperty("attempts").GetInt32() > 0;
            }, TimeSpan.FromSeconds(30));
            var events = (await world.Calls.GetAsync($"/v1/messages/{message.Id}/timeline"))!.Json.GetProperty("events").EnumerateArray();
            var attempt = events.First(entry => Text(entry, "kind") == "deliveryAttempt");
            if (delivery.TryGetProperty("nextAttemptAt", out var next))
            {
                var wait = (next.GetDateTimeOffset() - attempt.GetProperty("at").GetDateTimeOffset()).TotalSeconds;
                // An attempt on a busy machine may take a while itself.
                if (wait < from - 0.5 || wait > to + 5) world.Recorder.Violate($"Retry-After '{name}' makes the next attempt wait {wait:0.0} s, not {from} to {to}");
            }
            else
            {
                world.Recorder.Violate($"Retry-After '{name}' leaves no next attempt: {delivery}");
            }

            await world.Coordinator.Api.DeleteAsync($"/v1/subscriptions/{subscription}");
        }
    }

    private static async Task PutAsync(World world, string subscription, object body)
    {
        var answer = await world.Calls.PutAsync($"/v1/subscriptions/{subscription}", body);
        if (answer?.Status != 201) throw new FaultTestException($"The subscription {subscription} was answered {answer}");
    }

    private static async Task<List<MessageRecord>> SendAsync(World world, int messages, string topic = Topic)
    {
        var sent = new List<MessageRecord>();
        for (var number = 0; number < messages; number++)
        {
            var message = world.Recorder.Begin(topic, Truth.MayArrive);
            var answer = await world.Calls.SendAsync(world.Producers[0], message);
            if (answer?.IsSuccess != true) throw new FaultTestException($"A message was answered {answer}");
            message.IsStored = message.VerdictWasAcknowledged = true;
            message.Decide(Truth.MustArrive);
            sent.Add(message);
        }

        return sent;
    }

    private static long Undone(JsonElement states) => states.GetProperty(DeliveryStates.Pending).GetInt64() + states.GetProperty(DeliveryStates.Leased).GetInt64();

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int? Status(JsonElement element) => element.TryGetProperty("status", out var value) ? value.GetInt32() : null;
}
