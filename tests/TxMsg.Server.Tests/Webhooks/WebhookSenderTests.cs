using System.Diagnostics;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Webhooks;

namespace TxMsg.Server.Tests.Webhooks;

public sealed class WebhookSenderTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Test]
    public async Task SendAsync_ToAReceiverThatAcknowledges_SendsWhatWasAskedAndNothingElse()
    {
        await using var receiver = Receiver.Answering(Ok);
        using var sender = Sending.Sender();

        var result = await sender.SendAsync(
            Sending.Request(receiver.Endpoint, Sending.Ample, false, new("ce-id", "1"), new("txmsg-h-a", "x \"y\""), new("traceparent", "00-1-2-01")), default);

        result.Should().BeEquivalentTo(new { Outcome = WebhookOutcome.Answered, Status = 200, IsSuccess = true, Error = (string?)null, BodyTruncated = false });
        result.Latency.Should().BePositive();
        var request = receiver.Requests.Single();
        request.RequestLine.Should().Be("POST /hooks?tenant=7 HTTP/1.1");
        Encoding.UTF8.GetString(request.Body).Should().Be("{\"order\":1}");
        request.Headers.Select(h => h.Name.ToLowerInvariant()).Should().BeEquivalentTo(
            "host", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature", "ce-id", "txmsg-h-a", "traceparent", "content-type", "content-length");
        request["content-type"].Should().Be("application/json");
        request["txmsg-h-a"].Should().Be("x \"y\"");
        request["user-agent"].Should().MatchRegex(@"^TxMsg/\d+\.\d+\.\d+$");
        request["host"].Should().Be(receiver.Endpoint.Authority);
    }

    [Test]
    public async Task SendAsync_WhileASecretIsRotated_IsVerifiedByHoldersOfEither()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var (old, current) = (WebhookSecret.Generate(), WebhookSecret.Generate());
        await using var receiver = Receiver.Answering(Ok);
        using var sender = Sending.Sender(time: time);

        await sender.SendAsync(
            new() { Endpoint = receiver.Endpoint, Id = "m1", Body = new byte[] { 0, 1, 255 }, Secrets = [current, old], Timeout = Sending.Ample }, default);

        var request = receiver.Requests.Single();
        request["webhook-timestamp"].Should().Be("1772323200");
        request["content-type"].Should().BeNull();
        foreach (var secret in new[] { old, current })
        {
            WebhookSignature.Verify(
                request["webhook-signature"], request["webhook-id"], request["webhook-timestamp"], request.Body, [secret], TimeSpan.Zero, time)
                .Should().Be(WebhookVerification.Valid);
        }
    }

    [Test]
    public async Task SendAsync_OfWhatTheClientCannotSend_IsAFailedAttempt()
    {
        // Stored before such hosts were refused.
        var result = await Sending.SendAsync(new Uri("http://\u202e.com/"), Sending.Ample);

        result.IsSuccess.Should().BeFalse();
        result.Outcome.Should().Be(WebhookOutcome.InvalidRequest);
        result.Error.Should().Be("it cannot be sent: UriFormatException");
    }

    [Test]
    public async Task SendAsync_Repeatedly_ReusesTheConnection()
    {
        await using var receiver = Receiver.Answering(Ok);
        using var sender = Sending.Sender();
        for (var i = 0; i < 20; i++)
        {
            (await sender.SendAsync(Sending.Request(receiver.Endpoint, Sending.Ample, wantsBody: i % 2 == 0), default)).IsSuccess.Should().BeTrue();
        }

        receiver.ConnectionCount.Should().Be(1);
    }

    [Test]
    public async Task SendAsync_WithAnEmptyBody_IsAcknowledged()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 204 No Content\r\n\r\n");
        using var sender = Sending.Sender();

        var result = await sender.SendAsync(
            new() { Endpoint = receiver.Endpoint, Id = "m1", Body = default, Secrets = [Sending.Secret], Timeout = Sending.Ample }, default);

        result.Status.Should().Be(204);
        receiver.Requests.Single()["content-length"].Should().Be("0");
    }

    [Test]
    public async Task SendAsync_InsideATraceWithBaggage_SendsNeitherByItself()
    {
        await using var receiver = Receiver.Answering(Ok);
        using var sender = Sending.Sender();
        using var activity = new Activity("delivery").AddBaggage("tenant", "secret").Start();

        await sender.SendAsync(Sending.Request(receiver.Endpoint, Sending.Ample), default);

        receiver.Requests.Single().Headers.Should().NotContain(h => h.Name == "traceparent" || h.Name == "baggage" || h.Name == "Correlation-Context");
    }

    [Test]
    public async Task SendAsync_WhenTheCallerCancels_ThrowsForTheCallersToken()
    {
        using var cancellation = new CancellationTokenSource();
        await using var receiver = Receiver.Misbehaving(async (_, stop) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop);
        });
        using var sender = Sending.Sender();

        var send = () => sender.SendAsync(Sending.Request(receiver.Endpoint, Sending.Ample), cancellation.Token);

        (await send.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
    }

    [Test]
    public async Task SendAsync_OnAnotherClock_ObeysItsDeadline()
    {
        var time = new FakeTimeProvider();
        await using var receiver = Receiver.Misbehaving((_, stop) =>
        {
            time.Advance(TimeSpan.FromHours(2));
            return Task.Delay(Timeout.Infinite, stop);
        });
        using var sender = Sending.Sender(time: time);

        var result = await sender.SendAsync(Sending.Request(receiver.Endpoint, TimeSpan.FromHours(1)), default);

        result.Outcome.Should().Be(WebhookOutcome.TimedOut);
        result.Latency.Should().Be(TimeSpan.FromHours(2));
    }
}
