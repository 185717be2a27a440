using System.Net;
using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.Webhooks;

/// <summary>Sends check-backs, deliveries and alerts: the only way the server calls others. Safe for concurrent use.</summary>
public sealed class WebhookSender : IDisposable
{
    /// <summary>The most bytes of a wanted body that are read.</summary>
    public const int MaxBodyBytes = 16 * 1024;

    /// <summary>The most characters that are kept of what a receiver says about an error.</summary>
    public const int MaxErrorCharacters = 512;

    private static readonly TimeSpan ErrorBodyTimeout = TimeSpan.FromSeconds(1);
    private static readonly Action<object?> Cancel = static source => ((CancellationTokenSource)source!).Cancel();

    // the invoker, not HttpClient: its timeout would not cover the body, and its own sources would cost per request
    private readonly HttpMessageInvoker _invoker;
    private readonly DeadlinePool _deadlines;
    private readonly TimeProvider _time;
    private readonly TimeProvider _wall;

    /// <param name="options">Validated options.</param>
    /// <param name="policy">Judges every address.</param>
    /// <param name="time">The clock of timestamps, deadlines and latencies.</param>
    /// <param name="logger">Hears of forbidden addresses.</param>
    public WebhookSender(IOptions<WebhookOptions> options, AddressPolicy policy, TimeProvider time, ILogger<WebhookSender> logger)
        : this(
            WebhookHandler.Create(
                options.Value, new EndpointConnector(policy, options.Value.ConnectTimeout, Dns.GetHostAddressesAsync, logger)),
            time)
    {
    }

    internal WebhookSender(HttpMessageHandler handler, TimeProvider time)
    {
        _invoker = new HttpMessageInvoker(handler);
        _deadlines = new DeadlinePool(time);
        _time = time;
        // receivers compare with their own clocks
        _wall = SteadyClock.WallOf(time);
    }

    /// <summary>Signs and sends one request. Whatever the receiver does is a result; nothing is retried here.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="cancellationToken">Gives up before the deadline.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled before there was an answer.</exception>
    public async Task<WebhookResult> SendAsync(WebhookRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (RequestRules.Refusal(request) is { } refusal)
        {
            return new WebhookResult { Outcome = WebhookOutcome.InvalidRequest, Error = $"not sent: {refusal}" };
        }

        var started = _time.GetTimestamp();
        var content = new WebhookContent(request.Body);
        using var message = RequestComposer.Compose(request, content, _wall.GetUtcNow());
        var deadline = _deadlines.Start(request.Timeout);
        int? status = null;
        try
        {
            using var registration = cancellationToken.UnsafeRegister(Cancel, deadline);
            using var response = await _invoker.SendAsync(message, deadline.Token).ConfigureAwait(false);
            status = (int)response.StatusCode;
            return status is >= 200 and <= 299 && !request.WantsBody
                ? new WebhookResult { Outcome = WebhookOutcome.Answered, Status = status, Latency = _time.GetElapsedTime(started) }
                : await ReadAsync(response, request, started, deadline).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, it must count as an attempt: what is never counted is tried for good, and nobody is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            cancellationToken.ThrowIfCancellationRequested();
            var failure = deadline.IsCancellationRequested ? Failure.OfDeadline(content.Sent, status) : Failure.Of(e);
            return Failed(failure, status, started);
        }
        finally
        {
            _deadlines.Return(deadline);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _invoker.Dispose();

    private Task<WebhookResult> ReadAsync(
        HttpResponseMessage response, WebhookRequest request, long started, CancellationTokenSource deadline) => (int)response.StatusCode switch
        {
            // 101 hands the connection over to another protocol; nobody asked for that
            < 200 => Task.FromResult(Failed(new Failure(WebhookOutcome.ProtocolError, "the receiver wants another protocol"), null, started)),
            <= 299 => ReadBodyAsync(response, started, deadline.Token),
            _ => ReadErrorAsync(response, request, started, deadline),
        };

    private async Task<WebhookResult> ReadBodyAsync(HttpResponseMessage response, long started, CancellationToken cancellationToken)
    {
        var (body, truncated) = await AnswerReader.ReadAsync(response, MaxBodyBytes, cancellationToken).ConfigureAwait(false);
        return new WebhookResult
        {
            Outcome = WebhookOutcome.Answered,
            Status = (int)response.StatusCode,
            Body = body,
            BodyTruncated = truncated,
            Latency = _time.GetElapsedTime(started),
        };
    }

    private async Task<WebhookResult> ReadErrorAsync(
        HttpResponseMessage response, WebhookRequest request, long started, CancellationTokenSource deadline)
    {
        // the status decides; a slow explanation must not keep the slot until the deadline
        var left = request.Timeout - _time.GetElapsedTime(started);
        deadline.CancelAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left < ErrorBodyTimeout ? left : ErrorBodyTimeout);
        var retryAfter = response.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.First() : null;
        var errorBody = await AnswerReader.ReadErrorAsync(response, MaxErrorCharacters, deadline.Token).ConfigureAwait(false);
        return new WebhookResult
        {
            Outcome = WebhookOutcome.Answered,
            Status = (int)response.StatusCode,
            RetryAfter = RetryAfter.Parse(retryAfter, _wall.GetUtcNow()),
            Error = $"the receiver answered {(int)response.StatusCode}",
            ErrorBody = errorBody,
            Latency = _time.GetElapsedTime(started),
        };
    }

    private WebhookResult Failed(Failure failure, int? status, long started) => new()
    {
        Outcome = failure.Outcome,
        Status = status,
        Error = failure.Error,
        Latency = _time.GetElapsedTime(started),
    };
}
