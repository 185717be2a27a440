using System.Diagnostics;
using System.Net;
using System.Text.Json.Serialization;
using FluentAssertions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
using TxMsg.Client.Consuming;
using TxMsg.Contracts;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Tests.Consuming;

public sealed partial class ConsumerEndpointTests
{
    private ConsumerDatabase database = null!;

    [SetUp]
    public async Task MakeDatabase() => database = await ConsumerDatabase.CreateAsync(DatabaseKind.SqliteWal);

    [TearDown]
    public async Task DropDatabase() => await database.DisposeAsync();

    [Test]
    public async Task Delivery_ThatComesTwice_IsAcknowledgedTwiceAndHandledOnce()
    {
        var calls = 0;
        await using var app = await StartAsync(async (message, transaction, _) =>
        {
            calls++;
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            return HandlingResult.Acknowledge;
        });
        var delivery = new SignedDelivery();

        (await app.SendAsync(delivery)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await app.SendAsync(delivery.With(HeaderNames.Attempt, "2"))).StatusCode.Should().Be(HttpStatusCode.NoContent);

        calls.Should().Be(1);
        (await database.CountWorkAsync(delivery.Id)).Should().Be(1);
    }

    [Test]
    public async Task Delivery_OfOneMessageToTwoSubscriptions_IsHandledForEach()
    {
        await using var app = await StartAsync(Working(HandlingResult.Acknowledge));
        var delivery = new SignedDelivery();
        await app.SendAsync(delivery);
        await app.SendAsync(delivery.With(HeaderNames.Subscription, "Stock"));
        (await database.CountWorkAsync(delivery.Id)).Should().Be(2);
    }

    [TestCase(null, 500, null)]
    [TestCase(0.0, 503, "0")]
    [TestCase(1.2, 503, "2")]
    [TestCase(7200.0, 503, "3600")]
    public async Task Retry_RollsBackAndSaysWhen(double? seconds, int status, string? retryAfter)
    {
        await using var app = await StartAsync(Working(HandlingResult.Retry(seconds is { } given ? TimeSpan.FromSeconds(given) : null)));
        var delivery = new SignedDelivery();

        using var answer = await app.SendAsync(delivery);

        ((int)answer.StatusCode).Should().Be(status);
        (answer.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToString() : null).Should().Be(retryAfter);
        (await database.CountWorkAsync(delivery.Id)).Should().Be(0);
        (await database.CountInboxAsync()).Should().Be(0);
    }

    [Test]
    public async Task Reject_RollsBackAndSaysWhy()
    {
        await using var app = await StartAsync(Working(HandlingResult.Reject("no such article")));
        var delivery = new SignedDelivery();

        using var answer = await app.SendAsync(delivery);

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableContent);
        (await answer.Content.ReadAsStringAsync()).Should().Be("no such article");
        (await database.CountWorkAsync(delivery.Id)).Should().Be(0);
        (await database.CountInboxAsync()).Should().Be(0);
    }

    [Test]
    public async Task Exception_RollsBackAndTellsNoDetails()
    {
        await using var app = await StartAsync(async (message, transaction, _) =>
        {
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            throw new InvalidOperationException("secret");
        });
        var delivery = new SignedDelivery();

        using var answer = await app.SendAsync(delivery);

        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync()).Should().NotContain("secret");
        (await database.CountWorkAsync(delivery.Id)).Should().Be(0);
    }

    [Test]
    public async Task Signature_IsTheAccessControl_WhateverTheApplicationsPolicies()
    {
        await using var app = await StartAsync(Working(HandlingResult.Acknowledge), services: services =>
        {
            services.AddAuthentication().AddCookie();
            services.AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        });

        (await app.SendAsync(new SignedDelivery())).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Test]
    public async Task Refusals_AreNeverSeenByTheHandler()
    {
        var calls = 0;
        await using var app = await StartAsync(
            (_, _, _) => Task.FromResult(++calls > 0 ? HandlingResult.Acknowledge : HandlingResult.Retry()),
            options => options.Subscriptions.Add(new ConsumerSubscription("stock")));
        async Task<int> StatusOf(SignedDelivery delivery) => (int)(await app.SendAsync(delivery)).StatusCode;

        (await StatusOf(new SignedDelivery().With(HeaderNames.WebhookSignature, null))).Should().Be(401);
        (await StatusOf(new SignedDelivery().With(HeaderNames.WebhookSignature, "?"))).Should().Be(401);
        (await StatusOf(new SignedDelivery { Secrets = [WebhookSecret.Generate()] })).Should().Be(401);
        (await StatusOf(new SignedDelivery { SignedAt = DateTimeOffset.UtcNow.AddMinutes(-6) })).Should().Be(401);
        (await StatusOf(new SignedDelivery { SignedAt = DateTimeOffset.UtcNow.AddMinutes(6) })).Should().Be(401);
        (await StatusOf(new SignedDelivery().With(HeaderNames.Type, null))).Should().Be(400);
        (await StatusOf(new SignedDelivery().With(HeaderNames.Id, Guid.NewGuid().ToString()))).Should().Be(400);
        (await StatusOf(new SignedDelivery().With(HeaderNames.Subscription, "points"))).Should().Be(403);
        (await StatusOf(new SignedDelivery { Body = new byte[262_145] })).Should().Be(413);
        calls.Should().Be(0);
        (await StatusOf(new SignedDelivery())).Should().Be(204);
        calls.Should().Be(1);
    }

    [TestCase(10, 204)]
    [TestCase(11, 413)]
    public async Task Body_OfUnknownLength_IsBoundedToo(int bytes, int status)
    {
        await using var app = await StartAsync(Working(HandlingResult.Acknowledge), options => options.MaxBodyBytes = 10);
        using var request = new SignedDelivery { Body = new byte[bytes] }.ToHttp("/stock");
        request.Headers.TransferEncodingChunked = true;
        ((int)(await app.Client.SendAsync(request)).StatusCode).Should().Be(status);
    }

    [Test]
    public async Task Body_LargerThanKestrelsOwnBound_IsTakenIfTheOptionsSaySo()
    {
        await using var app = await StartAsync(Working(HandlingResult.Acknowledge), options => options.MaxBodyBytes = 40_000_000);
        (await app.SendAsync(new SignedDelivery { Body = new byte[31_000_000] })).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Test]
    public async Task Payload_OfAType_IsRead()
    {
        Order? received = null;
        await using var app = await ConsumerApp.StartAsync(Database, web => web.MapTxMsgConsumer("/stock", async (Order order, ReceivedMessage message, System.Data.Common.DbTransaction transaction, CancellationToken _) =>
        {
            received = order;
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            return HandlingResult.Acknowledge;
        }));
        (await app.SendAsync(new SignedDelivery())).StatusCode.Should().Be(HttpStatusCode.NoContent);
        received.Should().Be(new Order(7));
    }

    [TestCase("{\"number\":\"x\"}")]
    [TestCase("{\"number\":")]
    [TestCase("")]
    [TestCase("null")]
    public async Task Payload_ThatIsNotOfTheType_IsADeadLetterAtOnce(string json)
    {
        await using var app = await ConsumerApp.StartAsync(
            Database, web => web.MapTxMsgConsumer<Order>("/stock", (_, _, _, _) => throw new InvalidOperationException("not to be seen"), OrderContext.Default.Order));
        using var answer = await app.SendAsync(new SignedDelivery { Body = SignedDelivery.Utf8(json) });
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableContent);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("JSON of Order");
    }

    [Test]
    public async Task Payload_OfASourceGeneratedType_IsRead_WithoutAnInbox()
    {
        var received = new List<Order>();
        await using var app = await ConsumerApp.StartAsync(null, web => web.MapTxMsgConsumerWithoutInbox("/stock", (Order order, ReceivedMessage _, CancellationToken _) =>
        {
            received.Add(order);
            return Task.FromResult(HandlingResult.Acknowledge);
        }, OrderContext.Default.Order));
        var delivery = new SignedDelivery();
        await app.SendAsync(delivery);
        (await app.SendAsync(delivery)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        received.Should().Equal(new Order(7), new Order(7));
    }

    [Test]
    public async Task Inbox_WithoutAConnection_IsRefusedWhenItIsMapped()
    {
        var start = () => ConsumerApp.StartAsync(null, web => web.MapTxMsgConsumer("/stock", Working(HandlingResult.Acknowledge)));
        await start.Should().ThrowAsync<InvalidOperationException>().WithMessage("*Connect is needed*");
    }

    [Test]
    public async Task Shutdown_CancelsTheHandlerAndHasTheDeliveryComeBack()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await StartAsync(async (message, transaction, cancellationToken) =>
        {
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return HandlingResult.Acknowledge;
        });
        var delivery = new SignedDelivery();
        var sending = app.SendAsync(delivery);
        await entered.Task;

        app.App.Lifetime.StopApplication();

        using var answer = await sending;
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.Should().BeNull("it comes by the schedule, however often the consumer is restarted");
        (await database.CountWorkAsync(delivery.Id)).Should().Be(0);
        await app.App.WaitForShutdownAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Trace_OfTheDelivery_GoesOn(bool isServerTraced)
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "TxMsg.Client" || (isServerTraced && source.Name == "Microsoft.AspNetCore"),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => { lock (spans) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(listener);
        string? inHandler = null;
        await using var app = await StartAsync((_, _, _) =>
        {
            inHandler = Activity.Current?.Id;
            return Task.FromResult(HandlingResult.Acknowledge);
        });
        var delivery = new SignedDelivery().With(HeaderNames.TraceParent, $"00-{Trace}-b7ad6b7169203331-01");

        await app.SendAsync(delivery);

        var span = spans.Single(span => delivery.Id.ToString().Equals(span.GetTagItem("messaging.message.id")));
        span.Id.Should().Be(inHandler);
        span.TraceId.ToHexString().Should().Be(Trace);
        span.Kind.Should().Be(ActivityKind.Consumer);
        span.GetTagItem("txmsg.outcome").Should().Be("handled");
        if (!isServerTraced) span.ParentSpanId.ToHexString().Should().Be("b7ad6b7169203331");
    }

    private DeliveryHandler Working(HandlingResult result) => async (message, transaction, _) =>
    {
        await ConsumerDatabase.WorkAsync(transaction, message.Id);
        return result;
    };

    private void Database(ConsumerOptions options) => options.Connect = database.Connect;

    private Task<ConsumerApp> StartAsync(DeliveryHandler handler, Action<ConsumerOptions>? configure = null, Action<IServiceCollection>? services = null) =>
        ConsumerApp.StartAsync(
            options =>
            {
                Database(options);
                configure?.Invoke(options);
            },
            web => web.MapTxMsgConsumer("/stock", handler),
            services);

    internal sealed record Order(int Number);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Order))]
    internal sealed partial class OrderContext : JsonSerializerContext;
}
