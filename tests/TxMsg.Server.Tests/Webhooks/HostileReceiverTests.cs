using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

[Parallelizable(ParallelScope.All)]
public sealed class HostileReceiverTests
{
    private const string EndlessOk = "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n";
    private const string ChunkedOk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Test]
    public Task NeverAnswers_TimesOut() => Ends(WebhookOutcome.TimedOut, null, Hang(""));

    [Test]
    public Task StopsAmidTheStatusLine_TimesOut() => Ends(WebhookOutcome.TimedOut, null, Hang("HTTP/1.1 20"));

    [Test]
    public Task StopsAmidTheHeaders_TimesOut() => Ends(WebhookOutcome.TimedOut, null, Hang("HTTP/1.1 200 OK\r\nContent-Le"));

    [Test]
    public Task SendsOneHeaderByteNowAndThen_TimesOut() => Ends(WebhookOutcome.TimedOut, null, Drip("HTTP/1.1 200 OK\r\nX: "));

    [Test]
    public Task FloodsWithInterimAnswers_IsAProtocolError() => Ends(WebhookOutcome.ProtocolError, null, Flood("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"));

    [Test]
    public Task FloodsWithContinue_IsAProtocolError() => Ends(WebhookOutcome.ProtocolError, null, Flood("", "HTTP/1.1 100 Continue\r\n\r\n"));

    [Test]
    public Task SendsEndlessHeaders_IsAProtocolError() => Ends(WebhookOutcome.ProtocolError, null, Flood("HTTP/1.1 200 OK\r\n", "X-A: aaaaaaaaaaaaaaaa\r\n"));

    [Test]
    public Task SendsOneEndlessHeader_IsAProtocolError() => Ends(WebhookOutcome.ProtocolError, null, Flood("HTTP/1.1 200 OK\r\nX: ", "aaaaaaaaaaaaaaaaaaaaa"));

    [Test]
    public Task SendsAnEndlessStatusLine_IsAProtocolError() => Ends(WebhookOutcome.ProtocolError, null, Flood("HTTP/1.1 200 ", "OKOKOKOKOKOKOKOKOKOKOK"));

    [TestCase("SSH-2.0-OpenSSH_9.9\r\n\r\n")]
    [TestCase("HTTP/9.9 abc\r\n\r\n")]
    [TestCase("HTTP/1.1 99\r\n\r\n")]
    [TestCase("\0\0\0\0\r\n\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")]
    public Task AnswersGarbage_IsAProtocolError(string answer) => Ends(WebhookOutcome.ProtocolError, null, Hang(answer));

    [Test]
    public Task ClosesWithoutAnAnswer_LosesTheConnection() => Ends(WebhookOutcome.ConnectionLost, null, (_, _) => Task.CompletedTask);

    [Test]
    public Task Resets_LosesTheConnection() => Ends(WebhookOutcome.ConnectionLost, null, Reset(""));

    [Test]
    public Task ResetsAmidTheHeaders_LosesTheConnection() => Ends(WebhookOutcome.ConnectionLost, null, Reset("HTTP/1.1 200 OK\r\nX"));

    [Test]
    public Task StallsInTheBody_TimesOutOnlyIfItIsWanted() => EndsByBody(WebhookOutcome.TimedOut, Hang(EndlessOk + "x"));

    [Test]
    public Task SendsOneBodyByteNowAndThen_TimesOutOnlyIfItIsWanted() => EndsByBody(WebhookOutcome.TimedOut, Drip(EndlessOk));

    [Test]
    public Task StallsInAChunk_TimesOutOnlyIfItIsWanted() => EndsByBody(WebhookOutcome.TimedOut, Hang(ChunkedOk + "ffff\r\nx"));

    [Test]
    public Task SendsTenGigabytes_IsCutOff() => EndsByBody(WebhookOutcome.Answered, Flood(EndlessOk, new string('x', 1000)));

    [Test]
    public Task SendsEndlessChunks_IsCutOff() => EndsByBody(WebhookOutcome.Answered, Flood(ChunkedOk, "1\r\nx\r\n"));

    [Test]
    public Task SendsUntilItCloses_IsCutOff() => EndsByBody(WebhookOutcome.Answered, Flood("HTTP/1.1 200 OK\r\n\r\n", new string('x', 1000)));

    [Test]
    public Task SendsAnEndlessChunkHeader_IsAnErrorOnlyIfItIsWanted() => EndsByBody(WebhookOutcome.ProtocolError, Flood(ChunkedOk + "1;", "a=b;"));

    [Test]
    public Task SendsEndlessTrailers_IsAnErrorOnlyIfItIsWanted() => EndsByBody(WebhookOutcome.ProtocolError, Flood(ChunkedOk + "0\r\n", "X: y\r\n"));

    [Test]
    public Task SendsABadChunkLength_IsAnErrorOnlyIfItIsWanted() => EndsByBody(WebhookOutcome.ProtocolError, Hang(ChunkedOk + "zz\r\n"));

    [Test]
    public Task ResetsInTheBody_LosesTheConnectionOnlyIfItIsWanted() => EndsByBody(WebhookOutcome.ConnectionLost, Reset(EndlessOk + "x"));

    [Test]
    public Task ClosesInTheBody_LosesTheConnectionOnlyIfItIsWanted() => EndsByBody(WebhookOutcome.ConnectionLost, async (stream, stop) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(EndlessOk + "x"), stop));

    [Test]
    public Task FailsWithABodyThatStalls_CountsTheStatus() =>
        Ends(WebhookOutcome.Answered, 410, Hang("HTTP/1.1 410 Gone\r\nContent-Length: 100\r\n\r\nx"));

    [Test]
    public Task FailsWithAnEndlessBody_CountsTheStatus() =>
        Ends(WebhookOutcome.Answered, 500, Flood("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"));

    [Test]
    public async Task NeverReadsALargeRequest_TimesOut()
    {
        await using var receiver = Receiver.OnConnect((_, stop) => Task.Delay(Timeout.Infinite, stop));
        using var sender = Sending.Sender();

        var result = await sender.SendAsync(
            new() { Endpoint = receiver.Endpoint, Id = "m1", Body = new byte[64 << 20], Secrets = [Sending.Secret], Timeout = Sending.Short }, default);

        result.Outcome.Should().Be(WebhookOutcome.TimedOut);
    }

    private static async Task EndsByBody(WebhookOutcome wanted, Func<NetworkStream, CancellationToken, Task> misbehave)
    {
        await Ends(WebhookOutcome.Answered, 200, misbehave);
        await Ends(wanted, 200, misbehave, wantsBody: true);
    }

    private static async Task Ends(
        WebhookOutcome outcome, int? status, Func<NetworkStream, CancellationToken, Task> misbehave, bool wantsBody = false)
    {
        await using var receiver = Receiver.Misbehaving(misbehave);
        var timeout = outcome == WebhookOutcome.TimedOut ? Sending.Short : Sending.Ample;
        var result = await Sending.SendAsync(receiver.Endpoint, timeout, wantsBody);

        result.Should().BeEquivalentTo(new { Outcome = outcome, Status = status });
        result.Body.Length.Should().BeLessThanOrEqualTo(WebhookSender.MaxBodyBytes);
        (result.Error is null).Should().Be(result.IsSuccess);
    }

    private static Func<NetworkStream, CancellationToken, Task> Hang(string answer) => async (stream, stop) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop);
        await Task.Delay(Timeout.Infinite, stop);
    };

    private static Func<NetworkStream, CancellationToken, Task> Drip(string answer) => async (stream, stop) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync(stop))
        {
            await stream.WriteAsync("x"u8.ToArray(), stop);
        }
    };

    private static Func<NetworkStream, CancellationToken, Task> Flood(string head, string again) => async (stream, stop) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop);
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(again, 64)));
        while (true)
        {
            await stream.WriteAsync(block, stop);
        }
    };

    private static Func<NetworkStream, CancellationToken, Task> Reset(string answer) => async (stream, stop) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop);
        stream.Socket.LingerState = new LingerOption(true, 0);
        stream.Socket.Close();
    };
}
