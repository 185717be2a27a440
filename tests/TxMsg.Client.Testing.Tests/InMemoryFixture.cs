using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Consuming;
using TxMsg.Contracts.Registration;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Testing.Tests;

/// <summary>A coordinator in memory with a producer, and a consumer whose inbox is in a real file.</summary>
public abstract class InMemoryFixture
{
    private protected static readonly string Secret = WebhookSecret.Generate().Reveal();

    private TestFolder folder = null!;

    private protected InMemoryCoordinator Coordinator { get; private set; } = null!;

    private protected Client.Consuming.Consumer Consumer { get; private set; } = null!;

    /// <summary>The texts that the handler of <see cref="SubscribeAsync"/> was asked to handle.</summary>
    private protected List<string> Handled { get; } = [];

    [SetUp]
    public async Task MakeAsync()
    {
        folder = new TestFolder();
        Handled.Clear();
        Coordinator = new InMemoryCoordinator();
        await Coordinator.RegisterProducerAsync("shop", new ProducerRequest { CheckBackUrl = "http://shop.test/check-back", Secret = Secret });
        var options = new ConsumerOptions { Connect = Connect, LockWait = TimeSpan.FromSeconds(1) };
        options.Secrets.Add(Secret);
        Consumer = new Client.Consuming.Consumer(options, Coordinator.Time, NullLogger<Client.Consuming.Consumer>.Instance);
        await using var connection = Connect();
        await connection.OpenAsync();
        await new Client.Consuming.Inbox(Coordinator.Time).CreateTableAsync(connection, CancellationToken.None);
    }

    [TearDown]
    public void RemoveTheFile() => folder.Dispose();

    private protected SqliteConnection Connect() => new($"Data Source={folder.File("own.db")};Pooling=False");

    private protected static Message Text(string text, string? orderingKey = null, TimeSpan? delay = null) =>
        new("orders", System.Text.Encoding.UTF8.GetBytes(text)) { OrderingKey = orderingKey, Delay = delay };

    /// <summary>Subscribes to all orders; the handler gives these results in turn, and then acknowledges.</summary>
    private protected async Task SubscribeAsync(string name = "stock", double[]? schedule = null, bool ordered = false, params HandlingResult[] results)
    {
        await Coordinator.RegisterSubscriptionAsync(name, new SubscriptionRequest
        {
            Topic = "orders", Endpoint = "http://stock.test/orders", Secret = Secret, Ordered = ordered, RetryScheduleSeconds = schedule,
        });
        var turn = 0;
        Coordinator.Receive(name, Consumer, (message, _, _) =>
        {
            Handled.Add(System.Text.Encoding.UTF8.GetString(message.Payload.Span));
            return Task.FromResult(turn < results.Length ? results[turn++] : HandlingResult.Acknowledge);
        });
    }

    private protected IEnumerable<double> AttemptSeconds(DateTimeOffset from) => Coordinator.Attempts.Select(attempt => (attempt.At - from).TotalSeconds);
}
