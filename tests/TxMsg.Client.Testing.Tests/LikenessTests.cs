using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Consuming;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Registration;

namespace TxMsg.Client.Testing.Tests;

/// <summary>What a receiver sees is what the real coordinator sends.</summary>
public sealed class LikenessTests
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    // Of HTTP itself, or of the moment.
    private static readonly string[] Passing = ["host", "content-length", "user-agent", "traceparent", HeaderNames.Time, HeaderNames.WebhookTimestamp, HeaderNames.WebhookSignature];

    [Test]
    public async Task Delivery_HasTheHeadersOfARealOne()
    {
        var message = new Message("orders %", "{\"a\":1}"u8.ToArray())
        {
            ContentType = "application/json", Key = "grün", Tag = "t", OrderingKey = "o p", Headers = new Dictionary<string, string> { ["X-Own"] = "1 2" },
        };

        var real = await DeliverReallyAsync(message);
        var inMemory = await DeliverInMemoryAsync(message);

        inMemory.Headers.Select(header => $"{header.Key.ToLowerInvariant()}: {header.Value}").Where(Stays).Should().BeEquivalentTo(
            real.Headers.Select(header => $"{header.Key.ToLowerInvariant()}: {header.Value}").Where(Stays)).And.HaveCountGreaterThan(10);
        inMemory.Body.ToArray().Should().Equal(real.Body);
        inMemory.Headers.Should().ContainSingle(header => header.Key == HeaderNames.Time).Which.Value.Should().HaveLength(real.Header(HeaderNames.Time)!.Length);
    }

    private static bool Stays(string header) => !Passing.Contains(header.Split(':')[0]);

    private static async Task<ReceivedRequest> DeliverReallyAsync(Message message)
    {
        await using var process = await AcceptanceTests.Harness.Coordinator.StartAsync(Settings.None);
        await using var receiver = await Receiver.StartAsync();
        using var client = new CoordinatorClient(new CoordinatorOptions { Addresses = [process.Address] }, TimeProvider.System);
        var inbox = receiver.Open();
        await SendAsync(client, message, inbox.Url.AbsoluteUri);
        return (await inbox.WaitForAsync(message.Id.ToString()))[0];
    }

    private static async Task<DeliveryRequest> DeliverInMemoryAsync(Message message)
    {
        var coordinator = new InMemoryCoordinator();
        var received = new List<DeliveryRequest>();
        coordinator.Receive("stock", (request, _) =>
        {
            received.Add(request);
            return Task.FromResult(new DeliveryAnswer(204));
        });
        await SendAsync(coordinator, message, "http://stock.test");
        await coordinator.DeliverAsync();
        return received.Single();
    }

    private static async Task SendAsync(ICoordinatorClient coordinator, Message message, string endpoint)
    {
        await coordinator.RegisterProducerAsync("shop", new ProducerRequest { CheckBackUrl = endpoint });
        await coordinator.RegisterSubscriptionAsync("stock", new SubscriptionRequest { Topic = message.Topic, Endpoint = endpoint, Secret = Secret });
        await coordinator.SendAsync("shop", message);
    }
}
