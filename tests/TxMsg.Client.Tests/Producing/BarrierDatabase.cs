using System.Data;
using System.Data.Common;
using Dapper;
using FluentAssertions;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.AcceptanceTests.Harness;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>A producer's database with its work in it, and how a test makes it wait.</summary>
public abstract class BarrierDatabase : IAsyncDisposable
{
    /// <summary>How long the check-backs of the interleavings wait.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    public abstract TimeProvider Time { get; }

    /// <summary>How many interleavings may run beside each other.</summary>
    public abstract int Parallelism { get; }

    /// <summary>A barrier whose waits are measured by this clock too.</summary>
    public TransactionBarrier Barrier => new(Time) { LockTime = Time };

    public abstract Task CreateAsync();

    public abstract DbConnection Connect();

    public abstract Task<DbTransaction> BeginAsync(DbConnection connection);

    /// <summary>Gives a step the chance to end. One that has not then waits for another transaction.</summary>
    public abstract Task SettleAsync(Task step);

    /// <summary>Lets time pass until a step has ended.</summary>
    public abstract Task FinishAsync(Task step);

    public abstract ValueTask DisposeAsync();

    public async Task<DbConnection> OpenAsync()
    {
        var connection = Connect();
        await connection.OpenAsync();
        return connection;
    }

    public async Task<int> CountWorkAsync(Guid id)
    {
        await using var connection = await OpenAsync();
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM work WHERE id = @id", new { id = id.ToByteArray(true) });
    }

    protected async Task CreateTablesAsync(string bytes)
    {
        await using var connection = await OpenAsync();
        await connection.ExecuteAsync($"CREATE TABLE work (id {bytes} NOT NULL)");
        await Barrier.CreateTableAsync(connection);
    }

    /// <summary>Nothing runs beside anything: a step that waits does so on a clock that only a test moves, so that every run is the same.</summary>
    public sealed class Sqlite(string journalMode, bool deferred = false) : BarrierDatabase
    {
        private readonly string folder = Directory.CreateTempSubdirectory("txmsg-barrier-").FullName;
        private readonly FakeTimeProvider time = new(new DateTimeOffset(2030, 5, 17, 0, 0, 0, TimeSpan.Zero));

        public override TimeProvider Time => time;

        public override int Parallelism => 1;

        public string ConnectionString => $"Data Source={Path.Combine(folder, "producer.db")};Pooling=False;Default Timeout=1";

        public override async Task CreateAsync()
        {
            await using var connection = await OpenAsync();
            (await connection.ExecuteScalarAsync<string>($"PRAGMA journal_mode = {journalMode}")).Should().Be(journalMode);
            await CreateTablesAsync("BLOB");
        }

        public override DbConnection Connect() => new SqliteConnection(ConnectionString);

        public override Task<DbTransaction> BeginAsync(DbConnection connection) =>
            Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred));

        public override Task SettleAsync(Task step) => Task.CompletedTask;

        public override async Task FinishAsync(Task step)
        {
            // What waits goes on inside the call.
            for (var i = 0; i < 10_000 && !step.IsCompleted; i++) time.Advance(TimeSpan.FromMilliseconds(20));
            step.IsCompleted.Should().BeTrue("nothing may wait for ever");
            await step;
        }

        public override ValueTask DisposeAsync()
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>With threads and real time: locks are the server's.</summary>
    public sealed class SqlServer(bool rowVersions, IsolationLevel isolation) : BarrierDatabase
    {
        private static readonly TimeSpan StepLimit = TimeSpan.FromMilliseconds(10);

        private ServerDatabase? server;

        public override TimeProvider Time => TimeProvider.System;

        public override int Parallelism => 16;

        public override async Task CreateAsync()
        {
            server = await ServerDatabase.CreateAsync();
            await TrySetAsync($"READ_COMMITTED_SNAPSHOT {(rowVersions ? "ON" : "OFF")}");
            await TrySetAsync("ALLOW_SNAPSHOT_ISOLATION ON");
            await CreateTablesAsync("binary(16)");
        }

        public override DbConnection Connect() => new SqlConnection(server!.ConnectionString);

        public override async Task<DbTransaction> BeginAsync(DbConnection connection) => await connection.BeginTransactionAsync(isolation);

        public override Task SettleAsync(Task step) => Task.WhenAny(step, Task.Delay(StepLimit, TimeProvider.System));

        public override Task FinishAsync(Task step) => step.WaitAsync(TimeSpan.FromSeconds(60));

        public override async ValueTask DisposeAsync()
        {
            if (server is not null) await server.DisposeAsync();
        }

        private async Task TrySetAsync(string option)
        {
            try
            {
                await server!.SetAsync(option);
            }
            catch (SqlException exception)
            {
                // Not every compatible server has this option.
                await TestContext.Out.WriteLineAsync($"{option}: {exception.Message}");
            }
        }
    }
}
