using System.Data.Common;
using Dapper;
using FluentAssertions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Local;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>A fixture that runs on every database: one for all its tests, its table empty before each.</summary>
[TestFixture(SqlDialect.Sqlite)]
[TestFixture(SqlDialect.SqlServer)]
[NonParallelizable]
public abstract class LocalMessageFixture(SqlDialect dialect)
{
    private readonly List<LocalMessageRelay> relays = [];

    protected const string Shop = "shop";
    protected const int Sending = 0;
    protected const int Sent = 1;
    protected const int Failed = 2;

    protected LocalMessageDatabase Database { get; private set; } = null!;

    protected FakeTimeProvider Time { get; private set; } = null!;

    protected LocalMessageTable Table { get; private set; } = null!;

    private protected RecordingCoordinator Coordinator { get; private set; } = null!;

    protected EventLog Log { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task MakeDatabase() => Database = await LocalMessageDatabase.CreateAsync(dialect);

    [OneTimeTearDown]
    public async Task DropDatabase()
    {
        if (Database is not null) await Database.DisposeAsync();
    }

    [SetUp]
    public async Task Empty()
    {
        Time = new FakeTimeProvider(new DateTimeOffset(2030, 5, 17, 12, 34, 56, 789, TimeSpan.Zero));
        Table = TableOf(Shop);
        Coordinator = new RecordingCoordinator();
        Log = new EventLog();
        await using var connection = await Database.OpenAsync();
        await Table.CreateTableAsync(connection);
        await connection.ExecuteAsync("DELETE FROM txmsg_local_messages");
    }

    [TearDown]
    public void DisposeRelays()
    {
        foreach (var relay in relays) relay.Dispose();
        relays.Clear();
    }

    protected static Message NewMessage(string? orderingKey = null) => new("orders", "{}"u8.ToArray()) { ContentType = "application/json", OrderingKey = orderingKey };

    protected LocalMessageTable TableOf(string producer) => new(Time, Options.Create(new LocalMessageOptions { Producer = producer }));

    protected void AllowPayloadsOf(int bytes) => Table = new LocalMessageTable(Time, Options.Create(new LocalMessageOptions { Producer = Shop, MaxPayloadBytes = bytes }));

    protected Task<Message> EnqueueAsync(Message message, bool commit = true) => EnqueueAsync(Table, message, commit);

    protected async Task<Message> EnqueueAsync(LocalMessageTable table, Message message, bool commit = true)
    {
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await table.EnqueueAsync(transaction, message);
        if (commit) await transaction.CommitAsync();
        return message;
    }

    protected Task<Message> EnqueueAsync(string? orderingKey = null) => EnqueueAsync(NewMessage(orderingKey));

    protected LocalMessageRelay NewRelay(Action<LocalMessageOptions>? configure = null, TimeProvider? time = null, LocalMessageTable? table = null) =>
        NewRelay(Coordinator, configure, time, table);

    private protected LocalMessageRelay NewRelay(ICoordinatorClient client, Action<LocalMessageOptions>? configure = null, TimeProvider? time = null, LocalMessageTable? table = null)
    {
        var options = new LocalMessageOptions { Producer = Shop, Connection = Database.Connect };
        configure?.Invoke(options);
        new LocalMessageOptionsValidator().Validate(null, options).Failures.Should().BeNull();
        var relay = new LocalMessageRelay(table ?? Table, client, Options.Create(options), time ?? Time, Log);
        relays.Add(relay);
        return relay;
    }

    /// <summary>Passes until one has nothing to do.</summary>
    private protected static async Task DrainAsync(LocalMessageRelay relay)
    {
        while ((await relay.RunOnceAsync(CancellationToken.None)).Claimed > 0)
        {
        }
    }

    private protected async Task PassEachSecondAsync(LocalMessageRelay relay, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await relay.RunOnceAsync(CancellationToken.None);
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    protected async Task<int> StateOfAsync(Message message) => await ReadAsync(message, row => Convert.ToInt32(row.state));

    protected async Task<int> FailuresOfAsync(Message message) => await ReadAsync(message, row => Convert.ToInt32(row.failures));

    protected async Task<int> CountAsync()
    {
        await using var connection = await Database.OpenAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM txmsg_local_messages");
    }

    protected async Task<T> ReadAsync<T>(Message message, Func<dynamic, T> read)
    {
        await using var connection = await Database.OpenAsync();
        return read(await connection.QuerySingleAsync("SELECT * FROM txmsg_local_messages WHERE id = @id", new { id = message.Id.ToByteArray(bigEndian: true) }));
    }

    protected static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        for (var attempt = 0; !condition(); attempt++)
        {
            if (attempt == 1000) Assert.Fail($"Waited in vain for {what}.");
            await Task.Delay(20);
        }
    }
}

/// <summary>What a relay logged.</summary>
public sealed class EventLog : ILogger<LocalMessageRelay>
{
    private readonly Lock gate = new();
    private readonly List<(int Id, LogLevel Level, string Text)> events = [];

    public int Count(int id)
    {
        lock (gate) return events.Count(entry => entry.Id == id);
    }

    public LogLevel LevelOf(int id)
    {
        lock (gate) return events.First(entry => entry.Id == id).Level;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (gate) events.Add((eventId.Id, logLevel, formatter(state, exception)));
    }
}
