using System.Transactions;
using Microsoft.EntityFrameworkCore;
using TxMsg.Client.EntityFrameworkCore;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>An ambient transaction may still roll back what a local one has committed, so nothing is begun inside one.</summary>
public sealed class AmbientTransactionTests : ProducerFixture
{
    private readonly Message message = Message.Json("orders", new { order = 1 });

    [Test]
    public async Task Send_IsRefusedBeforeAnythingIsPrepared()
    {
        await using var connection = Shop.Connect();
        using var scope = NewScope();

        await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new AssertionException("begun")))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*outside any ambient*");

        Coordinator.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task Send_OverAContext_IsRefusedBeforeAnythingIsPrepared()
    {
        await using var context = new DbContext(new DbContextOptionsBuilder().UseSqlite(Shop.ConnectionString).Options);
        using var scope = NewScope();

        await Producer.Invoking(p => p.SendAsync(context, message, _ => throw new AssertionException("begun")))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*outside any ambient*");

        Coordinator.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task Barrier_CannotBeEntered_AndTheLocalTransactionCannotCommitAnyMore()
    {
        await using var connection = await Shop.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        using (NewScope())
        {
            await Producer.Invoking(p => p.EnterAsync(transaction, message.Id))
                .Should().ThrowAsync<InvalidOperationException>().WithMessage("*outside any ambient*");
        }

        await transaction.Invoking(t => t.CommitAsync()).Should().ThrowAsync<InvalidOperationException>();
        (await Shop.AskAsync(message)).Should().Be(CheckBackAnswer.Rollback);
    }

    private static TransactionScope NewScope() => new(TransactionScopeAsyncFlowOption.Enabled);
}
