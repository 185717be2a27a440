using FluentAssertions;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class SmugglingTests
{
    private static readonly Uri Endpoint = new("http://127.0.0.1:1/");

    [TestCase("txmsg-h-a", "x\r\nce-id: other")]
    [TestCase("txmsg-h-a", "x\nce-id: other")]
    [TestCase("txmsg-h-a", "x\r")]
    [TestCase("txmsg-h-a", "x\0")]
    [TestCase("ce-subject", "\u560D\u560Ax: y")]
    [TestCase("ce-subject", "é")]
    [TestCase("a\r\nb", "x")]
    [TestCase("a: b", "x")]
    [TestCase("", "x")]
    [TestCase("Host", "metadata")]
    [TestCase("content-length", "0")]
    [TestCase("Transfer-Encoding", "chunked")]
    [TestCase("connection", "upgrade")]
    [TestCase("Expect", "100-continue")]
    [TestCase("Webhook-Signature", "v1,x")]
    [TestCase("webhook-id", "x")]
    [TestCase("User-Agent", "x")]
    [TestCase("Expires", "x")]
    public Task SendAsync_WithAHeaderThatWouldSmuggleOrOverwrite_IsNotSent(string name, string value) =>
        IsRefused(Sending.Request(Endpoint, Sending.Ample, false, new WebhookHeader(name, value)));

    [Test]
    public async Task SendAsync_WithTooMuch_IsNotSent()
    {
        await IsRefused(Sending.Request(Endpoint, Sending.Ample, false, [.. Enumerable.Range(0, 65).Select(i => new WebhookHeader($"a{i}", "x"))]));
        await IsRefused(Sending.Request(Endpoint, Sending.Ample, false, new WebhookHeader("a", new string('x', 8193))));
    }

    [TestCase("m1\r\nx: y", "text/plain")]
    [TestCase("m.1", "text/plain")]
    [TestCase("", "text/plain")]
    [TestCase("é", "text/plain")]
    [TestCase("m1", "text/plain\r\nx: y")]
    [TestCase("m1", "text/plain; x=é")]
    public Task SendAsync_WithAnIdOrContentTypeThatWouldSmuggle_IsNotSent(string id, string contentType) =>
        IsRefused(new() { Endpoint = Endpoint, Id = id, Body = default, ContentType = contentType, Secrets = [Sending.Secret], Timeout = Sending.Ample });

    [Test]
    public async Task SendAsync_ThatCouldNeverSucceed_IsNotSent()
    {
        await IsRefused(Request(new Uri("/hooks", UriKind.Relative), [Sending.Secret], Sending.Ample));
        await IsRefused(Request(new Uri("ftp://127.0.0.1/"), [Sending.Secret], Sending.Ample));
        await IsRefused(Request(Endpoint, [], Sending.Ample));
        await IsRefused(Request(Endpoint, [Sending.Secret], TimeSpan.Zero));
        await IsRefused(Request(Endpoint, [Sending.Secret], TimeSpan.MaxValue));
    }

    [Test]
    public async Task SendAsync_WithAContentTypeThatIsNone_SendsItAsItIs()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var sender = Sending.Sender();

        await sender.SendAsync(
            new() { Endpoint = receiver.Endpoint, Id = "m1", Body = default, ContentType = "orders v2 \"x", Secrets = [Sending.Secret], Timeout = Sending.Ample }, default);

        receiver.Requests.Single()["content-type"].Should().Be("orders v2 \"x");
    }

    private static WebhookRequest Request(Uri endpoint, WebhookSecret[] secrets, TimeSpan timeout) =>
        new() { Endpoint = endpoint, Id = "m1", Body = default, Secrets = secrets, Timeout = timeout };

    private static async Task IsRefused(WebhookRequest request)
    {
        using var sender = Sending.Sender();

        var result = await sender.SendAsync(request, default);

        result.Outcome.Should().Be(WebhookOutcome.InvalidRequest);
        result.Error.Should().StartWith("not sent: ");
    }
}
