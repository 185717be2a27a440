using System.IO.Compression;
using System.Text;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class AnswerTests
{
    [Test]
    public async Task SendAsync_WhenTheBodyIsWanted_GivesIt()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");

        var result = await Sending.SendAsync(receiver.Endpoint, Sending.Ample, wantsBody: true);

        result.IsSuccess.Should().BeTrue();
        result.BodyTruncated.Should().BeFalse();
        Encoding.ASCII.GetString(result.Body.Span).Should().Be("abcde");
    }

    [TestCase(16 * 1024, false)]
    [TestCase((16 * 1024) + 1, true)]
    public async Task SendAsync_WhenTheWantedBodyIsLong_CutsItAtTheLimit(int length, bool truncated)
    {
        await using var receiver = Receiver.Answering($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{new string('x', length)}");

        var result = await Sending.SendAsync(receiver.Endpoint, Sending.Ample, wantsBody: true);

        result.Body.Length.Should().Be(16 * 1024);
        result.BodyTruncated.Should().Be(truncated);
    }

    [Test]
    public async Task SendAsync_WhenTheBodyIsCompressed_LeavesItCompressed()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(new byte[4 << 20]);
        }

        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n");
        await using var receiver = Receiver.Answering([.. head, .. bomb.ToArray()]);

        var result = await Sending.SendAsync(receiver.Endpoint, Sending.Ample, wantsBody: true);

        result.Body.ToArray().Should().Equal(bomb.ToArray());
        receiver.Requests.Single()["accept-encoding"].Should().BeNull();
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task SendAsync_WhenRedirected_DoesNotFollow(int status)
    {
        await using var other = Receiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var receiver = Receiver.Answering($"HTTP/1.1 {status} Moved\r\nLocation: {other.Endpoint}\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        using var sender = Sending.Sender();

        var result = await sender.SendAsync(Sending.Request(receiver.Endpoint, Sending.Ample), default);
        await sender.SendAsync(Sending.Request(receiver.Endpoint, Sending.Ample), default);

        result.Should().BeEquivalentTo(new { Outcome = WebhookOutcome.Answered, Status = status, IsSuccess = false });
        other.ConnectionCount.Should().Be(0);
        receiver.Requests.Should().OnlyContain(r => r["cookie"] == null);
    }

    [Test]
    public async Task SendAsync_WhenTheReceiverFails_TellsTheStatusAndWhatItSays()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 13\r\n\r\nno\r\n\x1b[31mroom\xff");

        var result = await Sending.SendAsync(receiver.Endpoint, Sending.Ample, wantsBody: true);

        result.Should().BeEquivalentTo(new
        {
            Outcome = WebhookOutcome.Answered,
            Status = 503,
            RetryAfter = TimeSpan.FromMinutes(2),
            Error = "the receiver answered 503",
            ErrorBody = "no   [31mroom",
        });
        result.Body.IsEmpty.Should().BeTrue();
    }

    [Test]
    public async Task SendAsync_WhenTheErrorIsLong_KeepsItsBeginning()
    {
        var body = string.Concat(Enumerable.Repeat("é😀", 400));
        byte[] answer = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 500 Oops\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n"), .. Encoding.UTF8.GetBytes(body)];
        await using var receiver = Receiver.Answering(answer);

        var result = await Sending.SendAsync(receiver.Endpoint, Sending.Ample);

        result.ErrorBody.Should().HaveLength(511).And.StartWith("é😀");
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(result.ErrorBody!)).Should().Be(result.ErrorBody, "no character is cut in half");
    }

    [Test]
    public async Task SendAsync_WithASmallUnwantedAnswer_KeepsTheConnectionAndWithAHugeOneDropsIt()
    {
        await using var small = Receiver.Answering($"HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n{new string('x', 8000)}");
        await using var huge = Receiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\nx");
        using var sender = Sending.Sender();
        for (var i = 0; i < 2; i++)
        {
            (await sender.SendAsync(Sending.Request(huge.Endpoint, Sending.Ample), default)).IsSuccess.Should().BeTrue();
            (await sender.SendAsync(Sending.Request(small.Endpoint, Sending.Ample), default)).IsSuccess.Should().BeTrue();
        }

        huge.ConnectionCount.Should().Be(2);
        small.Requests.Should().HaveCount(2);
    }
}
