using System.Transactions;
using Dapper;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Client.Consuming;

namespace TxMsg.Client.Tests.Consuming;

[TestFixtureSource(typeof(ConsumerDatabase), nameof(ConsumerDatabase.Kinds))]
public sealed class InboxTests(DatabaseKind kind)
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private ConsumerDatabase database = null!;

    [OneTimeSetUp]
    public async Task MakeDatabase() => database = await ConsumerDatabase.CreateAsync(kind);

    [OneTimeTearDown]
    public async Task DropDatabase() => await database.DisposeAsync();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Delivery_ThatWaitsTooLongForAnother_ComesBackLater(bool inOneProcess)
    {
        // The clock that stamps rows stands: a lock is waited for in real time.
        var first = Consumer();
        var second = inOneProcess ? first : Consumer();
        var delivery = Delivery();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handling = first.ReceiveAsync(delivery.ToRequest(), async (message, transaction, _) =>
        {
            entered.SetResult();
            await mayEnd.Task;
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            return HandlingResult.Acknowledge;
        });
        await entered.Task;

        var waiting = await Task.Run(() => second.ReceiveAsync(delivery.ToRequest(), NeverAsync));

        waiting.Status.Should().Be(503);
        waiting.RetryAfter.Should().BeNull("it comes by the schedule, which is not to be used up by a wait");
        mayEnd.SetResult();
        (await handling).Status.Should().Be(204);
        (await second.ReceiveAsync(delivery.ToRequest(), NeverAsync)).Status.Should().Be(204);
        (await database.CountWorkAsync(delivery.Id)).Should().Be(1);
    }

    [Test]
    public async Task Database_ThatIsNotThere_Is500AndNothingIsAcknowledged()
    {
        var consumer = Consumer(options => options.Connect = () => new Microsoft.Data.Sqlite.SqliteConnection("Data Source=/nowhere/at/all.db"));
        (await consumer.ReceiveAsync(new SignedDelivery().ToRequest(), NeverAsync)).Status.Should().Be(500);
    }

    [Test]
    public async Task TestDelivery_IsAcknowledgedWithoutTheHandlerAndWithoutARow()
    {
        var delivery = new SignedDelivery { SignedAt = time.GetUtcNow() }.With("ce-type", "txmsg.test").With("txmsg-h-txmsg-test", "true");

        (await Consumer().ReceiveAsync(delivery.ToRequest(), NeverAsync)).Status.Should().Be(204);
        (await Consumer().ReceiveWithoutInboxAsync(delivery.ToRequest(), (_, _) => throw new AssertionException("There is nothing to handle."))).Status.Should().Be(204);

        // Handled is what the inbox does not know yet.
        var handled = new SignedDelivery { Id = delivery.Id, SignedAt = time.GetUtcNow() };
        (await Consumer().ReceiveAsync(handled.ToRequest(), async (message, transaction, _) =>
        {
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            return HandlingResult.Acknowledge;
        })).Status.Should().Be(204);
        (await database.CountWorkAsync(delivery.Id)).Should().Be(1);
    }

    [TestCase("txmsg.test", null)]
    [TestCase("txmsg.test", "false")]
    [TestCase("orders", "true")]
    public async Task Delivery_WithOneMarkOfATest_IsHandled(string topic, string? header)
    {
        var delivery = new SignedDelivery { SignedAt = time.GetUtcNow() }.With("ce-type", topic).With("txmsg-h-txmsg-test", header);

        await Consumer().ReceiveAsync(delivery.ToRequest(), async (message, transaction, _) =>
        {
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            return HandlingResult.Acknowledge;
        });

        (await database.CountWorkAsync(delivery.Id)).Should().Be(1, "a producer's message is never taken for a test by accident");
    }

    [Test]
    public async Task TestDelivery_WithAWrongSignature_IsRefused()
    {
        var delivery = new SignedDelivery { SignedAt = time.GetUtcNow(), Secrets = [Contracts.Signatures.WebhookSecret.Generate()] }.With("ce-type", "txmsg.test").With("txmsg-h-txmsg-test", "true");

        (await Consumer().ReceiveAsync(delivery.ToRequest(), NeverAsync)).Status.Should().Be(401);
    }

    [Test]
    public async Task Delivery_InsideAnAmbientTransaction_IsNotHandled()
    {
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);

        (await Consumer().ReceiveAsync(Delivery().ToRequest(), (_, _, _) => Task.FromResult(HandlingResult.Acknowledge)))
            .Status.Should().Be(500, "the scope may still roll back what would have been acknowledged");
    }

    [Test]
    public async Task Inbox_CannotBeEnteredInsideAnAmbientTransaction()
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);

        var enter = () => new Inbox(time).EnterAsync(transaction, "stock", Guid.CreateVersion7());

        await enter.Should().ThrowAsync<InvalidOperationException>().WithMessage("*outside any ambient*");
    }

    [Test]
    public async Task Handler_WithoutAResult_Is500()
    {
        var delivery = new SignedDelivery();
        (await Consumer().ReceiveAsync(delivery.ToRequest(), async (message, transaction, _) =>
        {
            await ConsumerDatabase.WorkAsync(transaction, message.Id);
            return null!;
        })).Status.Should().Be(500);
        (await database.CountWorkAsync(delivery.Id)).Should().Be(0);
    }

    [Test]
    public async Task Delivery_AfterTheCoordinatorGaveUp_IsNotBegun()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        (await Consumer().ReceiveAsync(new SignedDelivery().ToRequest(), NeverAsync, gone.Token)).Status.Should().Be(503);
    }

    [Test]
    public async Task Table_IsMadeByInstancesThatStartTogether()
    {
        await using var fresh = await ConsumerDatabase.CreateAsync(kind);
        var inbox = new Inbox(time);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var connection = await fresh.OpenAsync();
            await inbox.CreateTableAsync(connection);
            await inbox.CreateTableAsync(connection);
        })));
        (await fresh.CountInboxAsync()).Should().Be(0);
    }

    [Test]
    public async Task Names_OfSubscriptions_DifferByCase()
    {
        var id = Guid.CreateVersion7();
        (await EnterAsync("stock", id)).Should().Be(InboxEntry.Entered);
        (await EnterAsync("Stock", id)).Should().Be(InboxEntry.Entered);
        (await EnterAsync("stock", id)).Should().Be(InboxEntry.Duplicate);
    }

    [Test]
    public async Task Purge_ForgetsWhatIsOld_AndNothingElse()
    {
        await using var fresh = await ConsumerDatabase.CreateAsync(kind);
        await using var connection = await fresh.OpenAsync();
        var inbox = new Inbox(time);
        await inbox.CreateTableAsync(connection);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            for (var i = 0; i < 1201; i++) (await inbox.EnterAsync(transaction, "stock", Guid.CreateVersion7())).Should().Be(InboxEntry.Entered);
            await transaction.CommitAsync();
        }

        time.Advance(TimeSpan.FromDays(30));
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await inbox.EnterAsync(transaction, "stock", Guid.CreateVersion7());
            await transaction.CommitAsync();
        }

        (await inbox.PurgeAsync(connection, TimeSpan.FromDays(30))).Should().Be(0);
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await inbox.PurgeAsync(connection, TimeSpan.FromDays(30))).Should().Be(1201);
        (await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM txmsg_inbox")).Should().Be(1);
    }

    [Test]
    public async Task Purger_PurgesAtItsInterval()
    {
        await using var fresh = await ConsumerDatabase.CreateAsync(kind);
        var consumer = Consumer(options => options.Connect = fresh.Connect);
        (await consumer.ReceiveAsync(Delivery().ToRequest(), (_, _, _) => Task.FromResult(HandlingResult.Acknowledge))).Status.Should().Be(204);
        using var purger = new InboxPurger(consumer, time, NullLogger<InboxPurger>.Instance);
        await purger.StartAsync(CancellationToken.None);
        while (await fresh.CountInboxAsync() > 0)
        {
            time.Advance(TimeSpan.FromDays(1));
            await Task.Yield();
        }

        await purger.StopAsync(CancellationToken.None);
    }

    private static Task<HandlingResult> NeverAsync(ReceivedMessage message, System.Data.Common.DbTransaction transaction, CancellationToken cancellationToken) =>
        throw new AssertionException("the handler was called");

    private SignedDelivery Delivery() => new() { SignedAt = time.GetUtcNow() };

    private async Task<InboxEntry> EnterAsync(string subscription, Guid id)
    {
        var inbox = new Inbox(time);
        await using var connection = await database.OpenAsync();
        await inbox.CreateTableAsync(connection);
        await using var transaction = await connection.BeginTransactionAsync();
        var entry = await inbox.EnterAsync(transaction, subscription, id);
        if (entry == InboxEntry.Entered) await transaction.CommitAsync();
        return entry;
    }

    private Consumer Consumer(Action<ConsumerOptions>? configure = null)
    {
        var options = new ConsumerOptions { Secrets = { SignedDelivery.Secret.Reveal() }, Connect = database.Connect, LockWait = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        return new Consumer(options, time, NullLogger<Consumer>.Instance);
    }
}
