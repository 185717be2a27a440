using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TxMsg.Client.EntityFrameworkCore;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Client.Tests.Producing;

/// <summary>A service with a second database that has the tables, too: what is committed there is asked about elsewhere.</summary>
public sealed class OtherDatabaseTests : ProducerFixture
{
    private readonly Message message = Message.Json("orders", new { order = 1 });
    private ShopDatabase other = null!;

    [SetUp]
    public async Task MakeTheOtherAsync() => other = await ShopDatabase.CreateAsync();

    [TearDown]
    public void RemoveTheOther() => other.Dispose();

    [Test]
    public async Task Connection_ToAnotherDatabase_IsRefusedBeforeAnythingIsStored()
    {
        await using var connection = other.Connect();

        await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new AssertionException("begun")))
            .Should().ThrowAsync<ArgumentException>().WithParameterName("connection").WithMessage($"*{connection.DataSource}*ProducerOptions.Connect*{Shop.Connect().DataSource}*");

        Coordinator.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task Context_OfAnotherDatabase_IsRefusedBeforeAnythingIsStored()
    {
        await using var context = new DbContext(new DbContextOptionsBuilder().UseSqlite(other.ConnectionString).Options);

        await Producer.Invoking(p => p.SendAsync(context, message, _ => throw new AssertionException("begun")))
            .Should().ThrowAsync<ArgumentException>().WithParameterName("context");

        Coordinator.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task SingleStep_InAnotherDatabase_LeavesNothingThatCouldCommit()
    {
        await using var connection = await other.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("INSERT INTO Orders (Text) VALUES ('before')", transaction: transaction);

        await Producer.Invoking(p => p.EnterAsync(transaction, message.Id)).Should().ThrowAsync<ArgumentException>().WithParameterName("transaction");

        await transaction.Invoking(t => t.CommitAsync()).Should().ThrowAsync<InvalidOperationException>();
        (await other.CountOrdersAsync()).Should().Be(0);
    }

    [Test]
    public async Task LocalMessage_InAnotherDatabase_IsRefused()
    {
        var table = new LocalMessageTable(TimeProvider.System, Options.Create(new LocalMessageOptions { Producer = "shop", Connection = Shop.Connect }));
        await using var connection = await other.OpenAsync();
        await table.CreateTableAsync(connection);
        await using var transaction = await connection.BeginTransactionAsync();

        await table.Invoking(t => t.EnqueueAsync(transaction, message)).Should().ThrowAsync<ArgumentException>().WithMessage("*LocalMessageOptions.Connection*");

        (await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM txmsg_local_messages", transaction: transaction)).Should().Be(0);
    }
}
