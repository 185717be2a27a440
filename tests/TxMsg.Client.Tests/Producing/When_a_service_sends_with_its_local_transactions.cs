using System.Diagnostics;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.AspNetCore;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>The SDK in a real service against the real coordinator, each asking the other over sockets.</summary>
public sealed class When_a_service_sends_with_its_local_transactions(StoreKind store) : CoordinatorFixture(store)
{
    private readonly string name = Unique.Name("shop");
    private ShopDatabase shop = null!;
    private WebApplication service = null!;

    private TransactionalProducer Producer => service.Services.GetRequiredService<TransactionalProducer>();

    [OneTimeSetUp]
    public async Task StartTheServiceAsync()
    {
        shop = await ShopDatabase.CreateAsync();
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.AbsoluteUri);
        builder.Services.AddTxMsgProducer(options =>
        {
            options.Name = name;
            options.Coordinators.Add(Coordinator.Address);
            options.Secrets.Add(Unique.Secret());
            options.Connect = shop.Connect;
            options.RegisterAtStart = true;
            options.CheckBackUrl = new Uri(address, "check-back");
            options.CheckBackAfter = TimeSpan.FromSeconds(1);
        });
        service = builder.Build();
        service.MapTxMsgCheckBack("/check-back");
        await service.StartAsync();
        await Eventually.HoldsAsync(async () => (await Api.GetAsync($"/v1/producers/{name}")).Status.Should().Be(200));
    }

    [OneTimeTearDown]
    public async Task StopTheServiceAsync()
    {
        if (service is not null) await service.DisposeAsync();
        shop?.Dispose();
    }

    [Test]
    public async Task ACommittedTransaction_IsDelivered_InTheSameTrace()
    {
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var message = Message.Json(billing.Topic, new { order = 17 });
        using var activity = new Activity("place order").SetIdFormat(ActivityIdFormat.W3C).Start();

        (await PlaceAsync(Producer, message)).Verdict.Should().Be(VerdictStatus.Recorded);

        var delivery = (await billing.Inbox.WaitForAsync(message.Id.ToString()))[0];
        delivery.Text.Should().Be("""{"order":17}""");
        delivery.Header("traceparent").Should().Contain(activity.TraceId.ToHexString());
        (await Api.MessageAsync(message.Id.ToString())).Text("decidedBy").Should().Be("producer");
    }

    [Test]
    public async Task AFailedTransaction_IsRolledBack()
    {
        var message = Message.Json(Unique.Name("orders"), new { order = 17 });
        await using var connection = shop.Connect();

        await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new FormatException())).Should().ThrowAsync<FormatException>();

        var kept = await Api.MessageAsync(message.Id.ToString());
        kept.State.Should().Be(MessageStates.RolledBack);
        kept.Text("decidedBy").Should().Be("producer");
    }

    [Test]
    public async Task ALostVerdict_IsFoundByTheCheckBack()
    {
        var billing = await SubscribeAsync(Unique.Name("orders"));
        var message = Message.Json(billing.Topic, new { order = 17 });
        using var handler = new VerdictsLost();
        var options = new CoordinatorOptions { Addresses = [Coordinator.Address], OverallTimeout = TimeSpan.FromSeconds(1), TryTimeout = TimeSpan.FromSeconds(1) };
        using var coordinator = new CoordinatorClient(options, TimeProvider.System, handler);
        var producer = new TransactionalProducer(
            coordinator, shop.Barrier, new ProducerOptions { Name = name, Connect = shop.Connect }, TimeProvider.System, NullLogger<TransactionalProducer>.Instance);

        (await PlaceAsync(producer, message)).VerdictPending.Should().BeTrue();

        await billing.Inbox.WaitForAsync(message.Id.ToString());
        (await Api.MessageAsync(message.Id.ToString())).Text("decidedBy").Should().Be("checkBack");
    }

    [Test]
    public async Task AnAbandonedMessage_IsRolledBackByTheCheckBack_AndCanNeverCommit()
    {
        var message = Message.Json(Unique.Name("orders"), new { order = 17 });

        await Producer.PrepareAsync(message);

        var decided = await WaitForStateAsync(message.Id.ToString(), MessageStates.RolledBack);
        decided.Text("decidedBy").Should().Be("checkBack");
        await Producer.Invoking(_ => PlaceAsync(Producer, message)).Should().ThrowAsync<MessageDecidedException>();
    }

    [Test]
    public async Task ItsHealth_IsThatOfTheCoordinator()
    {
        var report = await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        report.Entries.Should().ContainKey("txmsg-coordinator").WhoseValue.Status.Should().Be(HealthStatus.Healthy);
    }

    private async Task<Sent<int>> PlaceAsync(TransactionalProducer producer, Message message)
    {
        await using var connection = shop.Connect();
        return await producer.SendAsync(connection, message, (transaction, _) => connection.ExecuteAsync("INSERT INTO Orders (Text) VALUES ('new')", transaction: transaction));
    }

    /// <summary>The network after the local commit: verdicts do not get through.</summary>
    private sealed class VerdictsLost() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.AbsolutePath.EndsWith("/commit", StringComparison.Ordinal)
                ? throw new HttpRequestException("lost")
                : base.SendAsync(request, cancellationToken);
    }
}
