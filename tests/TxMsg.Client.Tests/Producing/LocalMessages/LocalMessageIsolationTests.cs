using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics;
using Dapper;
using FluentAssertions;
using Microsoft.Data.SqlClient;
using NUnit.Framework;
using TxMsg.Client.Local;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>What the service's own transactions on the same database do to the relay.</summary>
public sealed class LocalMessageIsolationTests(SqlDialect dialect) : LocalMessageFixture(dialect)
{
    private readonly SqlDialect dialect = dialect;

    [TestCase(IsolationLevel.Serializable)]
    [TestCase(IsolationLevel.Snapshot)]
    public async Task PoolThatAnIsolationLevelStuckTo_HasNoStatementReadPastLocksAtThatLevel(IsolationLevel stuck)
    {
        if (dialect != SqlDialect.SqlServer) Assert.Pass("only SQL Server's connections keep the level when they go back to the pool");
        await using var unopened = Database.Connect();
        var pool = new SqlConnectionStringBuilder(unopened.ConnectionString) { ApplicationName = $"{Guid.NewGuid():N}", MaxPoolSize = 1 };
        var relay = NewRelay(options =>
        {
            options.Connection = () => new SqlConnection(pool.ConnectionString);
            options.SentRetention = TimeSpan.Zero;
        });
        var message = await EnqueueAsync("a");
        using var commands = new CommandLevels(pool.ApplicationName);

        for (var pass = 0; pass < 2; pass++)
        {
            await TaintAsync(pool.ConnectionString, stuck);
            await relay.RunOnceAsync(CancellationToken.None);
            Time.Advance(TimeSpan.FromMinutes(2));
        }

        Coordinator.TakenIds.Should().Equal(message.Id);
        (await CountAsync()).Should().Be(0, "it is sent, and purged at once");
        var readPast = commands.Seen.Where(command => command.Text.Contains("READPAST", StringComparison.Ordinal)).ToList();
        foreach (var statement in new[] { "FindClaimableLocalMessage", "ClaimLocalMessages", "ReadLocalMessageStats", "FindPurgeableLocalMessage", "DeleteFinishedLocalMessages" })
            readPast.Should().Contain(command => command.Text == LocalSql.Of(SqlDialect.SqlServer)[statement], "{0} ran", statement);
        readPast.Should().OnlyContain(command => command.Level == IsolationLevel.ReadCommitted, "the server refuses READPAST at other levels, and outside a transaction the level is anybody's");
    }

    [Test]
    public async Task OpenTransaction_HoldsUpNoOtherKeyThanThoseItHasEnqueued()
    {
        if (dialect != SqlDialect.SqlServer) Assert.Pass("on SQLite nobody else can enqueue meanwhile");
        await using var connection = await Database.OpenAsync();
        await using var open = await connection.BeginTransactionAsync();
        var first = NewMessage("a");
        await Table.EnqueueAsync(open, first);
        var (second, other, unordered) = (await EnqueueAsync("a"), await EnqueueAsync("b"), await EnqueueAsync());
        var relay = NewRelay();

        await DrainAsync(relay).WaitAsync(TimeSpan.FromSeconds(10));
        Coordinator.TakenIds.Should().Contain([other.Id, unordered.Id]).And.NotContain(first.Id);

        await open.CommitAsync();
        await DrainAsync(relay);
        Coordinator.Arrived.Should().BeEquivalentTo([first.Id, second.Id, other.Id, unordered.Id], "of transactions that overlap either may come first");
    }

    [Test]
    public async Task MessagesThatWaitForOneThatNoClaimGets_HoldUpNoOtherKey_HoweverManyTheyAre()
    {
        if (dialect != SqlDialect.Sqlite) Assert.Pass("SQLite's trigger does what a lock does elsewhere, at a moment that the test chooses");
        var first = await EnqueueAsync(new Message("locked", default) { OrderingKey = "a" });
        var waiting = new List<Message>();
        for (var i = 0; i < 7; i++) waiting.Add(await EnqueueAsync("a"));
        var (other, unordered) = (await EnqueueAsync("b"), await EnqueueAsync());
        var relay = NewRelay(options => options.BatchSize = 3);
        await using var connection = await Database.OpenAsync();

        await connection.ExecuteAsync("CREATE TRIGGER locked BEFORE UPDATE ON txmsg_local_messages WHEN OLD.topic = 'locked' BEGIN SELECT RAISE(IGNORE); END");
        await DrainAsync(relay);
        await connection.ExecuteAsync("DROP TRIGGER locked");
        Coordinator.TakenIds.Should().Equal(other.Id, unordered.Id);

        await DrainAsync(relay);
        Coordinator.TakenIds.Skip(2).Should().Equal([first.Id, .. waiting.Select(message => message.Id)], "no lease has to be over first");
    }

    [Test]
    public async Task MessagesThatWaitForOneThatNoClaimGets_TakeNoPlaceInAClaim()
    {
        if (dialect != SqlDialect.Sqlite) Assert.Pass("as above");
        await EnqueueAsync(new Message("locked", default) { OrderingKey = "a" });
        var others = new List<Message>();
        for (var i = 0; i < 9; i++)
        {
            others.Add(await EnqueueAsync(i % 2 == 0 ? "b" : null));
            await EnqueueAsync("a");
            await EnqueueAsync("a");
        }

        await using var connection = await Database.OpenAsync();
        await connection.ExecuteAsync("CREATE TRIGGER locked BEFORE UPDATE ON txmsg_local_messages WHEN OLD.topic = 'locked' BEGIN SELECT RAISE(IGNORE); END");
        var pass = await NewRelay(options => options.BatchSize = 6).RunOnceAsync(CancellationToken.None);
        await connection.ExecuteAsync("DROP TRIGGER locked");

        pass.Sent.Should().Be(6);
        Coordinator.TakenIds.Should().BeEquivalentTo(others.Take(6).Select(message => message.Id));
    }

    private static async Task TaintAsync(string connectionString, IsolationLevel level)
    {
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(level);
        await connection.ExecuteScalarAsync<int>("SELECT 1", transaction: transaction);
        await transaction.CommitAsync();
    }

    /// <summary>The commands of one application, as SqlClient tells of them, with the isolation level of the transaction that they run in.</summary>
    private sealed class CommandLevels : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly string application;
        private readonly List<IDisposable> subscriptions = [];

        public CommandLevels(string application)
        {
            this.application = application;
            subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public ConcurrentQueue<(string Text, IsolationLevel? Level)> Seen { get; } = [];

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "SqlClientDiagnosticListener") subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key != "Microsoft.Data.SqlClient.WriteCommandBefore" || value.Value?.GetType().GetProperty("Command")?.GetValue(value.Value) is not SqlCommand command) return;
            if (new SqlConnectionStringBuilder(command.Connection.ConnectionString).ApplicationName == application) Seen.Enqueue((command.CommandText, command.Transaction?.IsolationLevel));
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            foreach (var subscription in subscriptions) subscription.Dispose();
        }
    }
}
