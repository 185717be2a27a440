using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;

namespace TxMsg.FaultTests.Faults.Receivers;

/// <summary>A consumer does its work, and the coordinator does not hear of it.</summary>
internal sealed record LostAnswers() : Fault(13, "lost-answer", "the success answer is lost after the consumer did its work: cut, reset, half written, timed out")
{
    // In a hundred deliveries.
    private const int Losses = 12;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<string> Sizes => ["messages"];

    public override async Task<FaultRow> RunAsync(FaultRun run)
    {
        var messages = run.Size("messages", 1_500, 200_000);
        var (random, losses) = (new Random(run.Random.Next()), 0);
        await using var world = await World.StartAsync(run, settings => settings.With("TxMsg:Deliveries:Timeout", $"{Timeout}"), producers: 4);
        world.Endpoints.Consume = ConsumeAsync;
        var load = world.StartLoad(clientsOfEach: 2);
        await world.MoreMessagesAsync(messages, TimeSpan.FromHours(1));
        await load.EndAsync();
        // A hundredth of all hang until the timeout, which bounds how many a second can be sent.
        var drained = await world.DrainAsync(TimeSpan.FromMinutes(run.IsLong ? 20 : 2));
        var row = await new Judge(world).JudgeAsync(this, run);
        // Each loss is one delivery more, and nothing else is.
        var excess = row.Duplicated == losses ? [] : (string[])[$"I4: {losses} answers were lost, and {row.Duplicated} deliveries came again"];
        return row with { Times = losses, Violations = [.. row.Violations, .. excess], Note = FormattableString.Invariant($"drained in {drained.TotalSeconds:0.0} s") };

        Task<ConsumerAnswer> ConsumeAsync(Delivery delivery)
        {
            int loss;
            lock (random) loss = random.Next(100) < Losses ? random.Next(20) : -1;
            if (loss == 19) return AcknowledgeAndCutAsync(delivery);
            if (loss >= 0) Interlocked.Increment(ref losses);
            return loss switch
            {
                < 0 => Task.FromResult(ConsumerAnswer.Acknowledge),
                < 7 => Task.FromResult(ConsumerAnswer.Cut),
                < 12 => WriteAsync(delivery, "", isReset: true),
                < 17 => WriteAsync(delivery, "HTTP/1.1 200 OK\r\nContent-Le", isReset: false),
                _ => HangAsync(delivery),
            };
        }
    }

    private static async Task<ConsumerAnswer> WriteAsync(Delivery delivery, string answer, bool isReset)
    {
        var socket = SocketOf(delivery);
        if (answer.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(answer));
        if (isReset) socket.LingerState = new LingerOption(true, 0);
        return ConsumerAnswer.Cut;
    }

    // The head of an answer says enough: a body that is cut off changes nothing.
    private static async Task<ConsumerAnswer> AcknowledgeAndCutAsync(Delivery delivery)
    {
        await SocketOf(delivery).SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray());
        return new ConsumerAnswer(null, IsAcknowledgement: true);
    }

    private static async Task<ConsumerAnswer> HangAsync(Delivery delivery)
    {
        await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, delivery.End);
        return ConsumerAnswer.Cut;
    }

    private static Socket SocketOf(Delivery delivery) => delivery.Context.Features.Get<IConnectionSocketFeature>()!.Socket;
}
