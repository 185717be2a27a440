using NUnit.Framework.Interfaces;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>A coordinator, and receivers for it to call, for fixtures to derive from; they are run once for each store.</summary>
[TestFixtureSource(typeof(TestStores), nameof(TestStores.Configured))]
public abstract class CoordinatorTests(StoreKind kind)
{
    private const int LogLinesShown = 120;
    private ITestStore? store;

    protected StoreKind Kind { get; } = kind;

    protected Coordinator Coordinator { get; private set; } = null!;

    protected Receiver Receiver { get; private set; } = null!;

    protected Api Api => Coordinator.Api;

    /// <summary>The key that <see cref="Api"/> sends, where the fixture requires keys.</summary>
    protected virtual string? AdminKey => null;

    protected virtual Settings Configure(Settings settings) => settings;

    protected async Task StartAsync()
    {
        Receiver = await Receiver.StartAsync();
        store = await TestStores.CreateAsync(Kind);
        Coordinator = await Coordinator.StartAsync(Configure(Settings.ForTests).With(store.Settings), AdminKey);
    }

    protected async Task StopAsync()
    {
        await (Coordinator?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Receiver?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    protected void ShowTheLogOfAFailure()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed && Coordinator is not null)
        {
            TestContext.Out.WriteLine("The coordinator printed last:");
            TestContext.Out.WriteLine(string.Join('\n', Coordinator.Log.Split('\n').TakeLast(LogLinesShown)));
        }
    }

    protected async Task<Producer> RegisterProducerAsync(Func<NewProducer, NewProducer>? change = null)
    {
        var checkBacks = new CheckBackEndpoint(Receiver.Open());
        var body = new NewProducer(checkBacks.Inbox.Url);
        var name = Unique.Name("shop");
        var reply = (await Api.PutAsync($"/v1/producers/{name}", change is null ? body : change(body))).Expect(201);
        return new Producer(name, reply.Text("secret")!, checkBacks, Api);
    }

    /// <summary>Subscribes a fresh endpoint; a failed delivery is tried again after a second, twice.</summary>
    protected async Task<Consumer> SubscribeAsync(string topic, Func<NewSubscription, NewSubscription>? change = null)
    {
        var inbox = Receiver.Open();
        var body = new NewSubscription(topic, inbox.Url) { RetryScheduleSeconds = [1, 1] };
        var name = Unique.Name("billing");
        var reply = (await Api.PutAsync($"/v1/subscriptions/{name}", change is null ? body : change(body))).Expect(201);
        return new Consumer(name, topic, reply.Text("secret")!, inbox);
    }

    /// <summary>Sends one more message and waits for it: what should never arrive had its chance by then.</summary>
    protected static async Task SendAMarkerAsync(Producer producer, Consumer consumer)
    {
        var marker = await producer.SendAsync(consumer.Topic);
        await consumer.Inbox.WaitForAsync(marker);
    }

    protected Task<Reply> WaitForStateAsync(string id, string state) => Eventually.ReadAsync(
        () => Api.MessageAsync(id), message => message.State == state, $"message {id} to be {state}");

    protected Task<Reply> WaitForDeliveryAsync(string id, Consumer consumer, string state) => Eventually.ReadAsync(
        () => Api.MessageAsync(id),
        message => message.Delivery(consumer.Subscription).Text("state") == state,
        $"the delivery of {id} to be {state}");
}
