using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TxMsg.Contracts;

namespace TxMsg.Client.Coordinator;

/// <summary>Makes a call until a node answers it: node after node, then again after a wait, within the overall limit.</summary>
internal sealed class CoordinatorTransport : IDisposable
{
    // A thousand results with a problem each stay far below this.
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private const int MaxDoublings = 20;

    // A node that was silent for so long when the caller had no more patience hangs: the next call is not to wait for it again.
    private static readonly TimeSpan HangsAfter = TimeSpan.FromSeconds(1);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly CoordinatorOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly AuthenticationHeaderValue? key;
    private readonly NodeDiscovery? discovery;

    public CoordinatorTransport(CoordinatorOptions options, TimeProvider time, HttpMessageHandler? handler)
    {
        this.options = options;
        this.time = time;
        Nodes = new CoordinatorNodes(options.Addresses, time, options.FailedNodePause, Random.Shared);
        discovery = options.DiscoverNodes ? new NodeDiscovery(this, options, time) : null;
        key = options.ApiKey is null ? null : new AuthenticationHeaderValue("Bearer", options.ApiKey);
        http = new HttpClient(handler ?? NewHandler(options), disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    public CoordinatorNodes Nodes { get; }

    /// <summary>The answer, once there is one.</summary>
    /// <exception cref="CoordinatorUnavailableException">No node answered in time.</exception>
    /// <exception cref="CoordinatorRefusedException">A node refused.</exception>
    public async Task<T> SendAsync<T>(CoordinatorCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        discovery?.AskIfDue();
        using var span = ClientTelemetry.Spans.StartActivity("txmsg " + call.Name, ActivityKind.Client);
        var started = time.GetTimestamp();
        try
        {
            var answer = await TryUntilAnsweredAsync(call, type, started, cancellationToken).ConfigureAwait(false);
            CoordinatorMetrics.Called(call.Name, "ok", time.GetElapsedTime(started));
            return answer;
        }
        catch (Exception exception)
        {
            CoordinatorMetrics.Called(call.Name, CoordinatorMetrics.OutcomeOf(exception), time.GetElapsedTime(started));
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    /// <summary>The status of a node's own answer to <c>/health/ready</c>.</summary>
    public async Task<HttpStatusCode> ProbeAsync(CoordinatorNode node, CancellationToken cancellationToken)
    {
        discovery?.AskIfDue();
        using var limit = LimitedTo(options.TryTimeout, cancellationToken, out var timer);
        using (timer)
        using (var answer = await http.GetAsync(new Uri(node.Address, "health/ready"), limit.Token).ConfigureAwait(false))
            return answer.StatusCode;
    }

    public void Dispose()
    {
        discovery?.Dispose();
        http.Dispose();
    }

    private static SocketsHttpHandler NewHandler(CoordinatorOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        // The trace's parent is sent by hand; baggage may hold what is no business of the coordinator.
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.TryTimeout,
        // So that a name that points elsewhere by now is noticed.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private async Task<T> TryUntilAnsweredAsync<T>(CoordinatorCall call, JsonTypeInfo<T> type, long started, CancellationToken cancellationToken)
    {
        TryFailure? last = null;
        for (var round = 0; ; round++)
        {
            var pause = TimeSpan.MaxValue;
            foreach (var node in Nodes.InOrder())
            {
                var left = options.OverallTimeout - time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero) throw Unavailable(call, last);
                var (answer, failure) = await TryAsync(call, type, node, left, cancellationToken).ConfigureAwait(false);
                if (failure is null)
                {
                    Nodes.Answered(node);
                    return answer!;
                }

                Failed(call, node);
                last = failure;
                pause = failure.RetryAfter < pause ? failure.RetryAfter : pause;
            }

            var backoff = Backoff(round);
            var isAsked = pause > backoff;
            if (!isAsked) pause = backoff;
            var rest = options.OverallTimeout - time.GetElapsedTime(started);
            if (pause >= rest) throw Unavailable(call, last, isAsked ? $"; the next try is asked for in {pause.TotalSeconds:0} s, and {rest.TotalSeconds:0.###} s are left" : "");
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Failed(CoordinatorCall call, CoordinatorNode node)
    {
        Nodes.Failed(node);
        discovery?.AskSoon();
        CoordinatorMetrics.TryFailed(call.Name);
    }

    private async Task<(T? Answer, TryFailure? Failure)> TryAsync<T>(
        CoordinatorCall call, JsonTypeInfo<T> type, CoordinatorNode node, TimeSpan left, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var limit = LimitedTo(left < options.TryTimeout ? left : options.TryTimeout, cancellationToken, out var timer);
        try
        {
            using (timer)
            using (var request = RequestOf(call, node))
            using (var answer = await http.SendAsync(request, limit.Token).ConfigureAwait(false))
            {
                var body = await answer.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
                var status = (int)answer.StatusCode;
                if (status is 429 or >= 500) return (default, new TryFailure($"{node.Address} answered {status}", null, RetryAfterOf(answer)));
                if (status is < 200 or > 299) throw CoordinatorProblems.Refusal(call, request.RequestUri!, status, body);
                return (JsonSerializer.Deserialize(body, type) ?? throw new JsonException("The answer is null."), null);
            }
        }
        // A connection that is reset while it is made comes as a bare SocketException.
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or JsonException)
        {
            return (default, new TryFailure($"{node.Address}: {exception.Message}", exception, TimeSpan.Zero));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, new TryFailure($"{node.Address} did not answer in time", exception, TimeSpan.Zero));
        }
        catch (OperationCanceledException) when (time.GetElapsedTime(began) >= HangsAfter)
        {
            Failed(call, node);
            throw;
        }
    }

    private HttpRequestMessage RequestOf(CoordinatorCall call, CoordinatorNode node)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(node.Address, call.Path));
        request.Headers.Authorization = key;
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } parent }) request.Headers.Add(HeaderNames.TraceParent, parent);
        if (call.Body.IsEmpty) return request;
        request.Content = new ReadOnlyMemoryContent(call.Body);
        request.Content.Headers.ContentType = Json;
        return request;
    }

    private TimeSpan RetryAfterOf(HttpResponseMessage answer)
    {
        var asked = answer.Headers.RetryAfter;
        var wait = asked?.Delta ?? asked?.Date - time.GetUtcNow() ?? TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    // Full jitter: services that lost the coordinator together do not come back together.
    private TimeSpan Backoff(int round)
    {
        var longest = options.RetryDelay.Ticks * (double)(1L << Math.Min(round, MaxDoublings));
        return TimeSpan.FromTicks((long)(Random.Shared.NextDouble() * Math.Min(longest, options.MaxRetryDelay.Ticks)));
    }

    private CancellationTokenSource LimitedTo(TimeSpan limit, CancellationToken cancellationToken, out CancellationTokenSource timer)
    {
        timer = new CancellationTokenSource(limit, time);
        return CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
    }

    private CoordinatorUnavailableException Unavailable(CoordinatorCall call, TryFailure? last, string reason = "") =>
        new($"The call {call.Name} was not answered within {options.OverallTimeout.TotalSeconds:0.###} s. Last: {last?.Message ?? "no try was left time"}{reason}.", last?.Exception);

    private sealed record TryFailure(string Message, Exception? Exception, TimeSpan RetryAfter);
}
