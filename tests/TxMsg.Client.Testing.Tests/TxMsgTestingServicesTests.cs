using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TxMsg.Client.Consuming;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Testing.Tests;

/// <summary>A service's own parts, with a coordinator in memory under them.</summary>
public sealed class TxMsgTestingServicesTests : InMemoryFixture
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task BothSides_AreTestedWithoutASocket(bool addedLast)
    {
        var services = new ServiceCollection().AddLogging();
        if (!addedLast) services.AddTxMsgTesting();
        services.AddTxMsgProducer(options =>
        {
            (options.Name, options.Connect) = ("shop", Connect);
            options.Coordinators.Add(new Uri("http://coordinator.test"));
            options.Secrets.Add(Secret);
        });
        services.AddTxMsgConsumer(options =>
        {
            options.Connect = Connect;
            options.Secrets.Add(Secret);
        });
        if (addedLast) services.AddTxMsgTesting();
        await using var provider = services.BuildServiceProvider();
        var coordinator = provider.GetRequiredService<InMemoryCoordinator>();
        provider.GetRequiredService<ICoordinatorClient>().Should().BeSameAs(coordinator);
        provider.GetRequiredService<TimeProvider>().Should().BeSameAs(coordinator.Time).And.BeSameAs(provider.GetRequiredService<FakeTimeProvider>());
        await coordinator.RegisterSubscriptionAsync("stock", new() { Topic = "orders", Endpoint = "http://stock.test/orders", Secret = Secret });
        var received = new List<Guid>();
        coordinator.Receive("stock", provider.GetRequiredService<Client.Consuming.Consumer>(), (message, _, _) =>
        {
            received.Add(message.Id);
            return Task.FromResult(HandlingResult.Acknowledge);
        });
        await using var connection = Connect();
        await connection.OpenAsync();
        await provider.GetRequiredService<TransactionBarrier>().CreateTableAsync(connection, CancellationToken.None);
        Message direct = Text("direct"), asked = Text("asked");

        await provider.GetRequiredService<TransactionalProducer>().SendAsync(connection, direct, (_, _) => Task.CompletedTask);
        coordinator.LoseNextAnswer(CallKind.Prepare);
        coordinator.FailNext(CallKind.Commit);
        await FluentActions.Awaiting(() => coordinator.PrepareAsync("shop", asked)).Should().ThrowAsync<CoordinatorUnavailableException>();
        await coordinator.AdvanceAsync(TimeSpan.FromSeconds(30));

        received.Should().Equal(direct.Id);
        coordinator.Messages.Select(message => message.State).Should().Equal("committed", "rolledBack");
    }
}
