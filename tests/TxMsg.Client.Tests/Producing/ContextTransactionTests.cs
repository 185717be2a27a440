using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using TxMsg.Client.EntityFrameworkCore;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

public sealed class ContextTransactionTests : ProducerFixture
{
    private readonly Message message = Message.Json("orders", new { order = 1 });
    private readonly Commits commits = new();

    [Test]
    public async Task Work_IsSavedAndCommittedWithItsMessage()
    {
        await using var context = NewContext();

        var sent = await Producer.SendAsync(context, message, _ => AddAsync(context));

        sent.Value.Text.Should().Be("new");
        sent.Value.Id.Should().BePositive();
        context.Entry(sent.Value).State.Should().Be(EntityState.Unchanged);
        Coordinator.StateOf(message).Should().Be(MessageStates.Committed);
        (await Shop.CountOrdersAsync()).Should().Be(1);
    }

    [Test]
    public async Task Work_ThatFails_IsRolledBackAndSoIsTheMessage()
    {
        await using var context = NewContext();

        await Producer.Invoking(p => p.SendAsync(context, message, async token =>
        {
            await AddAsync(context);
            await context.SaveChangesAsync(token);
            throw new FormatException();
        })).Should().ThrowAsync<FormatException>();

        Coordinator.StateOf(message).Should().Be(MessageStates.RolledBack);
        (await Shop.CountOrdersAsync()).Should().Be(0);
    }

    [Test]
    public async Task Commit_ThatFailsWithoutRetries_IsUncertain()
    {
        commits.FailAfter = 1;
        await using var context = NewContext();

        await Producer.Invoking(p => p.SendAsync(context, message, _ => AddAsync(context))).Should().ThrowAsync<LocalCommitUncertainException>();

        Coordinator.Calls.Should().Equal("prepare");
        (await Shop.AskAsync(message)).Should().Be(CheckBackAnswer.Commit);
    }

    [Test]
    public async Task Retry_AfterACommitThatGotThrough_DoesNotDouble()
    {
        commits.FailAfter = 1;
        await using var context = NewContext(retries: true);

        var sent = await Producer.SendAsync(context, message, _ => AddAsync(context));

        sent.Verdict.Should().Be(VerdictStatus.Recorded);
        (await Shop.CountOrdersAsync()).Should().Be(1);
        Coordinator.StateOf(message).Should().Be(MessageStates.Committed);
    }

    [Test]
    public async Task Retry_AfterACommitThatDidNotGetThrough_RunsTheWorkAgainOnAnEmptyTracker()
    {
        commits.FailBefore = 2;
        var runs = 0;
        await using var context = NewContext(retries: true);

        await Producer.SendAsync(context, message, _ =>
        {
            runs++;
            return AddAsync(context);
        });

        runs.Should().Be(3);
        (await Shop.CountOrdersAsync()).Should().Be(1);
        Coordinator.Calls.Should().Equal("prepare", "commit");
    }

    [Test]
    public async Task Retry_ThatACheckBackCameBefore_IsRolledBack()
    {
        commits.FailBefore = 1;
        commits.OnFailure = async () => (await Shop.AskAsync(message)).Should().Be(CheckBackAnswer.Rollback);
        await using var context = NewContext(retries: true);

        await Producer.Invoking(p => p.SendAsync(context, message, _ => AddAsync(context))).Should().ThrowAsync<BarrierRejectedException>();

        (await Shop.CountOrdersAsync()).Should().Be(0);
        Coordinator.StateOf(message).Should().Be(MessageStates.RolledBack);
    }

    [Test]
    public async Task Retries_ThatAreExhaustedAtTheCommit_AreUncertain()
    {
        commits.FailBefore = 100;
        await using var context = NewContext(retries: true);

        await Producer.Invoking(p => p.SendAsync(context, message, _ => AddAsync(context))).Should().ThrowAsync<LocalCommitUncertainException>();

        Coordinator.Calls.Should().Equal("prepare");
    }

    [Test]
    public async Task Retries_NeedAnEmptyTracker()
    {
        await using var context = NewContext(retries: true);
        await AddAsync(context);

        await Producer.Invoking(p => p.SendAsync(context, message, _ => Task.CompletedTask)).Should().ThrowAsync<InvalidOperationException>().WithMessage("*ChangeTracker.Clear*");

        Coordinator.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task Transaction_MustBeItsOwn()
    {
        await using var context = NewContext();
        await using var other = await context.Database.BeginTransactionAsync();

        await Producer.Invoking(p => p.SendAsync(context, message, _ => Task.CompletedTask)).Should().ThrowAsync<InvalidOperationException>();

        Coordinator.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task Context_ThatWasClosedForGood_IsOpenToWhoeverThePoolGivesItNext()
    {
        var pool = new PooledDbContextFactory<ShopContext>(OptionsOf(new Rollbacks { Left = 1 }), poolSize: 1);
        DbContextId first;
        await using (var context = await pool.CreateDbContextAsync())
        {
            first = context.ContextId;
            await Producer.Invoking(p => p.SendAsync(context, message, _ => AddAsync(context))).Should().ThrowAsync<InvalidOperationException>();
        }

        await using var next = await pool.CreateDbContextAsync();

        next.ContextId.InstanceId.Should().Be(first.InstanceId);
        await Producer.SendAsync(next, Message.Json("orders", new { order = 2 }), _ => AddAsync(next));
        (await next.Orders.CountAsync()).Should().Be(1);
        Coordinator.StateOf(message).Should().Be(MessageStates.RolledBack);
    }

    private static Task<Order> AddAsync(ShopContext context) => Task.FromResult(context.Orders.Add(new Order { Text = "new" }).Entity);

    private ShopContext NewContext(bool retries = false) => new(OptionsOf(commits, retries));

    private DbContextOptions<ShopContext> OptionsOf(IInterceptor interceptor, bool retries = false) => new DbContextOptionsBuilder<ShopContext>()
        .UseSqlite(Shop.ConnectionString, sqlite => _ = retries ? sqlite.ExecutionStrategy(dependencies => new RetryingStrategy(dependencies)) : sqlite)
        .AddInterceptors(interceptor)
        .Options;

    private sealed class Order
    {
        public long Id { get; set; }

        public required string Text { get; set; }
    }

    private sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
    {
        public DbSet<Order> Orders => Set<Order>();
    }

    private sealed class LostConnectionException() : DbException("The connection was lost.");

    private sealed class RetryingStrategy(ExecutionStrategyDependencies dependencies) : ExecutionStrategy(dependencies, 3, TimeSpan.FromMilliseconds(1))
    {
        protected override bool ShouldRetryOn(Exception exception) => exception is LostConnectionException;
    }

    /// <summary>The database ends transactions by itself as they begin. The barrier then closes the connection for good, as on SQL Server it always does.</summary>
    private sealed class Rollbacks : DbTransactionInterceptor
    {
        public int Left { get; set; }

        public override async ValueTask<DbTransaction> TransactionStartedAsync(
            DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
        {
            if (Left-- <= 0) return result;
            await using var command = connection.CreateCommand();
            command.Transaction = result;
            command.CommandText = "ROLLBACK";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return result;
        }
    }

    /// <summary>Loses the connection before commits reach the database, or after.</summary>
    private sealed class Commits : DbTransactionInterceptor
    {
        public int FailBefore { get; set; }

        public int FailAfter { get; set; }

        public Func<Task> OnFailure { get; set; } = () => Task.CompletedTask;

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (FailBefore-- <= 0) return result;
            await transaction.RollbackAsync(cancellationToken);
            await OnFailure();
            throw new LostConnectionException();
        }

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
            FailAfter-- > 0 ? throw new LostConnectionException() : Task.CompletedTask;
    }
}
