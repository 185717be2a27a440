using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TxMsg.Contracts.Signatures;
using TxMsg.Server.Access;
using TxMsg.Server.Registry;
using TxMsg.Server.Storage;
using TxMsg.Server.Storage.Migrations;
using TxMsg.Server.Storage.Sqlite;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>A real store without a server, whose rows a test writes itself.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private long lastSeq;

    private TestStore() => Database = new SqliteDatabase(folder.ConnectionString);

    /// <summary>A real one: it gives another text each time.</summary>
    public static ISecretProtector Protector { get; } = new DataProtectionSecretProtector(new EphemeralDataProtectionProvider());

    public SqliteDatabase Database { get; }

    public RegistryCache Registry { get; private set; } = null!;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero));

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A store with the producer <c>shop</c> (1) and the subscriptions <c>billing</c> (1) and <c>stock</c> (2).</summary>
    public static async Task<TestStore> OpenAsync()
    {
        var store = new TestStore();
        await store.Database.InitializeAsync(CancellationToken.None);
        await new SchemaMigrator(store.Database, store.Time, NullLogger<SchemaMigrator>.Instance).MigrateAsync(CancellationToken.None);
        store.Registry = new RegistryCache(store.Database, Protector, TimeProvider.System, NullLogger<RegistryCache>.Instance);
        var secret = Protector.Protect(WebhookSecret.Generate().Reveal());
        await store.ExecuteAsync(
            """
            INSERT INTO producers (name, check_back_url, secret, created_at, updated_at) VALUES ('shop', 'http://127.0.0.1/', @secret, 0, 0);
            INSERT INTO subscriptions (name, topic, endpoint, ordered, secret, state, created_at, updated_at)
            VALUES ('billing', 'orders', 'http://127.0.0.1/', 0, @secret, 0, 0, 0), ('stock', 'orders', 'http://127.0.0.1/', 0, @secret, 0, 0, 0);
            UPDATE registry SET version = version + 1;
            """,
            ("@secret", secret));
        await store.Registry.RefreshAsync(CancellationToken.None);
        return store;
    }

    /// <summary>A message; returns its seq.</summary>
    public async Task<long> AddMessageAsync(int state, TimeSpan age = default, TimeSpan delay = default)
    {
        var at = Now - (long)age.TotalMilliseconds;
        await ExecuteAsync(
            """
            INSERT INTO messages (seq, id, producer_id, topic, delay_ms, state, prepared_at, parked_at, decided_at)
            VALUES (@seq, @id, 1, 'orders', @delay, @state, @at, CASE WHEN @state = 1 THEN @at END, CASE WHEN @state > 1 THEN @at END);
            """,
            ("@seq", ++lastSeq), ("@id", Guid.NewGuid().ToByteArray()), ("@delay", (long)delay.TotalMilliseconds), ("@state", state), ("@at", at));
        return lastSeq;
    }

    /// <summary>A committed message with a delivery.</summary>
    public async Task AddDeliveryAsync(int state, TimeSpan age = default, TimeSpan delay = default, long subscription = 1)
    {
        var seq = await AddMessageAsync(2, age, delay);
        await ExecuteAsync(
            "INSERT INTO deliveries (message_seq, subscription_id, state, due_at, finished_at) VALUES (@seq, @subscription, @state, @due, @due);",
            ("@seq", seq), ("@subscription", subscription), ("@state", state), ("@due", Now - (long)(age - delay).TotalMilliseconds));
    }

    /// <summary>Finished messages, one delivered delivery each.</summary>
    public Task AddHistoryAsync(int count)
    {
        var first = lastSeq + 1;
        lastSeq += count;
        return ExecuteAsync(
            """
            WITH RECURSIVE n(i) AS (SELECT @first UNION ALL SELECT i + 1 FROM n WHERE i < @last)
            INSERT INTO messages (seq, id, producer_id, topic, delay_ms, state, prepared_at, decided_at)
            SELECT i, CAST(printf('%016d', i) AS BLOB), 1, 'orders', 0, 2 + i % 2, i, i FROM n;
            INSERT INTO deliveries (message_seq, subscription_id, state, due_at)
            SELECT seq, 1 + seq % 2, 2, seq FROM messages WHERE seq BETWEEN @first AND @last;
            """,
            ("@first", first), ("@last", lastSeq));
    }

    public async Task ExecuteAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = await OpenAsync(sql, parameters);
        await connection.Command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a query, the columns of each with bars between them.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = await OpenAsync(sql, parameters);
        await using var reader = await connection.Command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        folder.Dispose();
    }

    private async Task<OpenCommand> OpenAsync(string sql, (string Name, object Value)[] parameters)
    {
        var connection = (SqliteConnection)await Database.OpenConnectionAsync(CancellationToken.None);
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return new OpenCommand(connection, command);
    }

    private sealed record OpenCommand(SqliteConnection Connection, SqliteCommand Command) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Command.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
