using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Tests.Coordinator;

public sealed class CoordinatorClientTests
{
    private static readonly Message Order = new("orders", "{\"order\":1}"u8.ToArray()) { ContentType = "application/json" };

    [Test]
    public async Task Prepare_Repeated_IsASuccess()
    {
        await using var node = await Node.StartAsync(Told.Message(status: 200));
        using var client = node.NewClient();

        (await client.PrepareAsync("shop", Order)).State.Should().Be("prepared");
    }

    [Test]
    public async Task Call_CarriesTheKeyAndTheTrace()
    {
        await using var node = await Node.StartAsync(Told.Message());
        using var client = node.NewClient(options => options.ApiKey = "txk_abc");
        using var activity = new Activity("order").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("secret", "1").Start();

        await client.PrepareAsync("shop", Order);

        var headers = node.Requests.Single().Headers;
        headers["Authorization"].Should().Be("Bearer txk_abc");
        headers["traceparent"].Should().Contain(activity.TraceId.ToHexString());
        headers.Keys.Should().NotContain(["baggage", "Correlation-Context"]);
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(429)]
    public async Task Call_ThatMaySucceedLater_IsRepeated(int status)
    {
        await using var node = await Node.StartAsync(new Told(status), new Told(200, "not JSON"), Told.Message());
        using var client = node.NewClient();

        await client.PrepareAsync("shop", Order);

        node.Requests.Should().HaveCount(3);
        node.Requests.Select(request => request.Body).Distinct().Should().ContainSingle("a repeated call is the same call");
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(404)]
    [TestCase(413)]
    [TestCase(302)]
    public async Task Call_ThatIsRefused_IsNot(int status)
    {
        await using var node = await Node.StartAsync(new Told(status) { Headers = new Dictionary<string, string> { ["Location"] = "/elsewhere" } });
        using var client = node.NewClient();

        var refused = await client.Invoking(c => c.PrepareAsync("shop", Order)).Should().ThrowAsync<CoordinatorRefusedException>();

        refused.Which.Status.Should().Be(status);
        refused.WithMessage($"{node.Address}v1/messages refused the call prepare with status {status}*", "it may be something else than a coordinator that answers");
        node.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task InvalidInput_IsNamedByField()
    {
        await using var node = await Node.StartAsync(new Told(400, """{"title":"Invalid input","detail":"topic: This field is required.","errors":{"topic":["This field is required."]}}"""));
        using var client = node.NewClient();

        var refused = (await client.Invoking(c => c.PrepareAsync("shop", Order)).Should().ThrowAsync<CoordinatorRefusedException>()).Which;

        refused.Message.Should().Contain("topic");
        refused.Errors["topic"].Should().Equal("This field is required.");
    }

    [Test]
    public async Task Verdict_AgainstTheRecordedOne_IsAConflict()
    {
        await using var node = await Node.StartAsync(new Told(409, """{"title":"Verdict conflict","verdict":"rollback"}"""));
        using var client = node.NewClient();
        var id = Guid.CreateVersion7();

        var conflict = (await client.Invoking(c => c.CommitAsync(id)).Should().ThrowAsync<VerdictConflictException>()).Which;

        conflict.Id.Should().Be(id);
        conflict.Recorded.Should().Be("rollback");
    }

    [Test]
    public async Task Node_ThatFails_IsReplacedAndTriedLast()
    {
        await using var bad = await Node.StartAsync(new Told(503));
        await using var good = await Node.StartAsync(Told.Message());
        using var client = new CoordinatorClient(Node.OptionsOf(bad.Address, good.Address), TimeProvider.System);

        await client.PrepareAsync("shop", Order);
        await client.PrepareAsync("shop", Order);

        bad.Requests.Should().ContainSingle("the second call went to the good node at once");
        good.Requests.Should().HaveCount(2);
    }

    [Test]
    public async Task Node_ThatDoesNotListenOrHangs_IsReplaced()
    {
        await using var hanging = await Node.StartAsync(Told.Hang);
        await using var good = await Node.StartAsync(Told.Message());
        var options = Node.OptionsOf(new Uri($"http://127.0.0.1:{FreePort.Find()}"), hanging.Address, good.Address);
        options.TryTimeout = TimeSpan.FromMilliseconds(500);
        using var client = new CoordinatorClient(options, TimeProvider.System);

        await client.PrepareAsync("shop", Order);

        hanging.Requests.Should().ContainSingle();
        good.Requests.Should().ContainSingle();
    }

    [TestCase("7")]
    [TestCase("Fri, 02 Jan 2026 00:00:07 GMT")]
    public async Task RetryAfter_IsObeyed(string retryAfter)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));
        await using var node = await Node.StartAsync(new Told(503) { Headers = new Dictionary<string, string> { ["Retry-After"] = retryAfter } }, Told.Message());
        var started = new TimersStarted(time);
        using var client = new CoordinatorClient(Node.OptionsOf(node.Address), started);

        var call = client.PrepareAsync("shop", Order);
        await Eventually.HoldsAsync(() => started.Waits.Should().Contain(TimeSpan.FromSeconds(7)));
        time.Advance(TimeSpan.FromSeconds(6.9));
        node.Requests.Should().ContainSingle();
        time.Advance(TimeSpan.FromSeconds(0.1));

        await call;
        node.Requests.Should().HaveCount(2);
    }

    // So does .NET when the other end resets the connection in the moment in which it is made.
    [Test]
    public async Task Call_WhoseConnectionIsResetWhileItIsMade_IsTriedAgain()
    {
        await using var node = await Node.StartAsync(Told.Message());
        using var resetting = new ResettingHandler();
        using var client = new CoordinatorClient(Node.OptionsOf(node.Address), TimeProvider.System, resetting);

        (await client.PrepareAsync("shop", Order)).State.Should().Be("prepared");

        resetting.Calls.Should().Be(2);
        resetting.Calls = 0;
        (await client.ProbeAsync()).Should().ContainSingle().Which.Value.Should().NotBeNull();
    }

    [Test]
    public async Task Call_ThatNobodyAnswers_EndsAtTheOverallLimit()
    {
        await using var node = await Node.StartAsync(Told.Hang);
        using var client = node.NewClient(options => options.OverallTimeout = options.TryTimeout = TimeSpan.FromMilliseconds(300));

        var unavailable = await client.Invoking(c => c.PrepareAsync("shop", Order)).Should().ThrowAsync<CoordinatorUnavailableException>();

        unavailable.WithMessage("*prepare*0.3 s*did not answer in time*");
    }

    [Test]
    public async Task Call_ThatWouldHaveToWaitBeyondItsLimit_EndsAtOnce()
    {
        await using var node = await Node.StartAsync(new Told(500), new Told(503) { Headers = new Dictionary<string, string> { ["Retry-After"] = "3600" } });
        using var client = node.NewClient();

        var unavailable = await client.Invoking(c => c.PrepareAsync("shop", Order)).Should().ThrowAsync<CoordinatorUnavailableException>();

        unavailable.WithMessage("*prepare*30 s*answered 503; the next try is asked for in 3600 s, and * s are left.");
        node.Requests.Should().HaveCount(2);
    }

    [Test]
    public async Task Cancellation_IsTheCallers()
    {
        await using var node = await Node.StartAsync(Told.Hang);
        using var client = node.NewClient();
        using var cancelled = new CancellationTokenSource();

        var call = client.PrepareAsync("shop", Order, cancelled.Token);
        await Eventually.HoldsAsync(() => node.Requests.Should().ContainSingle());
        await cancelled.CancelAsync();

        await call.Invoking(c => c).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Find_OfNoMessage_IsNull()
    {
        await using var node = await Node.StartAsync(new Told(404));
        using var client = node.NewClient();

        (await client.FindAsync(Guid.CreateVersion7())).Should().BeNull();
    }

    [Test]
    public async Task Registration_SendsOnlyWhatIsSet()
    {
        await using var node = await Node.StartAsync(new Told(
            200, """{"name":"shop","checkBackUrl":"http://shop/c","checkBackAfterSeconds":30,"maxUnknownAnswers":15,"giveUpAfterSeconds":9,"createdAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:04:05Z"}"""));
        using var client = new CoordinatorClient(Node.OptionsOf(new Uri(node.Address, "behind/a/path")), TimeProvider.System);

        await client.RegisterProducerAsync("shop", new ProducerRequest { CheckBackUrl = "http://shop/c" });

        node.Requests.Single().Should().Match<Asked>(request =>
            request.Method == "PUT" && request.Path == "/behind/a/path/v1/producers/shop" && request.Body == """{"checkBackUrl":"http://shop/c"}""");
    }

    [Test]
    public async Task Probe_SaysOfEachNodeWhatIsWrong()
    {
        await using var good = await Node.StartAsync(new Told(200));
        await using var bad = await Node.StartAsync(new Told(503));
        using var client = new CoordinatorClient(Node.OptionsOf(good.Address, bad.Address, new Uri($"http://127.0.0.1:{FreePort.Find()}")), TimeProvider.System);

        var nodes = await client.ProbeAsync();

        nodes[0].Value.Should().BeNull();
        nodes[1].Value.Should().Be("answers 503");
        nodes[2].Value.Should().NotBeNullOrEmpty();
        good.Requests.Single().Path.Should().Be("/health/ready");
    }

    [Test]
    public void Options_EachWrongValueIsNamed()
    {
        var options = new CoordinatorOptions { Addresses = [new Uri("ftp://x")], ApiKey = "a\r\nb", TryTimeout = TimeSpan.Zero, OverallTimeout = TimeSpan.FromSeconds(-1) };

        var make = () => new CoordinatorClient(options, TimeProvider.System);

        make.Should().Throw<ArgumentException>().WithMessage("*Addresses: 'ftp://x/'*ApiKey:*TryTimeout:*OverallTimeout:*").And.Message.Should().NotContain("a\r\nb");
        (options.TryTimeout, options.OverallTimeout, options.MaxRetryDelay, options.FailedNodePause) = (TimeSpan.FromDays(50), TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue);
        make.Should().Throw<ArgumentException>().WithMessage("*TryTimeout:*1 hour*OverallTimeout:*1 day*MaxRetryDelay:*1 day*FailedNodePause:*1 day*");
    }

    /// <summary>Tells which waits have begun, so that time is moved only when somebody waits for it.</summary>
    private sealed class TimersStarted(TimeProvider inner) : TimeProvider
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<TimeSpan> waits = new();

        public IEnumerable<TimeSpan> Waits => waits;

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = inner.CreateTimer(callback, state, dueTime, period);
            waits.Enqueue(dueTime);
            return timer;
        }
    }

    private sealed class ResettingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Calls { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            ++Calls == 1 ? throw new SocketException((int)SocketError.NotConnected) : base.SendAsync(request, cancellationToken);
    }
}
