using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Storage;

public sealed class StoreDatabaseTests
{
    private TestStore store = null!;
    private TroubledDatabase database = null!;
    private int runs;

    [SetUp]
    public async Task OpenAsync()
    {
        store = await TestStore.OpenAsync();
        database = new TroubledDatabase(store.Database);
        runs = 0;
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await database.DisposeAsync();
        await store.DisposeAsync();
    }

    [Test]
    public async Task ReadAsync_OfADeadlocksVictim_IsRunAgain()
    {
        var read = await ReadAsync(() => runs < 3 ? TroubledDatabase.Deadlock : null);

        read.Should().Be(3);
    }

    [Test]
    public async Task ReadAsync_ThatTookTooLong_IsNotRunAgain()
    {
        var reading = () => ReadAsync(() => TroubledDatabase.Timeout);

        var told = (await reading.Should().ThrowAsync<SqliteException>()).Which;
        runs.Should().Be(1, "eight times as long is too long for whoever asked");
        database.IsUnavailable(told).Should().BeTrue("it may be asked again");
    }

    [Test]
    public async Task ReadAsync_ThatHasBeenTriedForLong_IsNotRunAgain()
    {
        await using var impatient = new TroubledDatabase(store.Database) { Patience = TimeSpan.Zero };
        var reading = () => impatient.ReadAsync(_ =>
        {
            runs++;
            return Task.FromException<int>(TroubledDatabase.Deadlock);
        });

        await reading.Should().ThrowAsync<SqliteException>();
        runs.Should().Be(1);
    }

    [Test]
    public async Task WriteAsync_ThatLosesItsConnection_IsRunAgain()
    {
        await using var losing = new TroubledDatabase(store.Database) { LosesConnection = true };

        await losing.WriteAsync(_ => ++runs == 1 ? Task.FromException(TroubledDatabase.Deadlock) : Task.CompletedTask);
        runs.Should().Be(2);
    }

    // Returns how often it was run.
    private Task<int> ReadAsync(Func<SqliteException?> fault) =>
        database.ReadAsync(_ =>
        {
            runs++;
            return fault() is { } exception ? Task.FromException<int>(exception) : Task.FromResult(runs);
        });
}
