using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

public sealed class TransactionalProducerTests : ProducerFixture
{
    [Test]
    public async Task Work_ThatSucceeds_IsCommittedWithItsMessage()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();

        var sent = await Producer.SendAsync(connection, message, PlaceAsync);

        sent.Should().Be(new Sent<int>(1, VerdictStatus.Recorded));
        Coordinator.Calls.Should().Equal("prepare", "commit");
        (await Shop.CountOrdersAsync()).Should().Be(1);
        (await Shop.AskAsync(message)).Should().Be(CheckBackAnswer.Commit);
        connection.State.Should().Be(ConnectionState.Closed, "it was closed before");
    }

    [Test]
    public async Task Work_IsGivenTheTransactionAfterTheHalfMessage()
    {
        await using var connection = await Shop.OpenAsync();

        await Producer.SendAsync(connection, NewMessage(), (transaction, _) =>
        {
            Coordinator.Calls.Should().Equal("prepare");
            transaction.Connection.Should().BeSameAs(connection);
            return Task.CompletedTask;
        });

        connection.State.Should().Be(ConnectionState.Open, "it was open before");
    }

    [Test]
    public async Task Work_ThatFails_IsRolledBackAndSoIsTheMessage()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();

        var failed = await Producer.Invoking(p => p.SendAsync(connection, message, async (transaction, token) =>
        {
            await PlaceAsync(transaction, token);
            throw new FormatException("the work's own");
        })).Should().ThrowAsync<FormatException>();

        failed.WithMessage("the work's own");
        Coordinator.StateOf(message).Should().Be(MessageStates.RolledBack);
        (await Shop.CountOrdersAsync()).Should().Be(0);
    }

    [Test]
    public async Task Rollback_IsSaidOnlyOfAMessageThatIsFencedOff()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();
        await Producer.Invoking(p => p.SendAsync(connection, message, FailAsync)).Should().ThrowAsync<FormatException>();
        Coordinator.Decide(message, MessageStates.Prepared);

        await Producer.Invoking(p => p.SendAsync(connection, message, PlaceAsync)).Should().ThrowAsync<BarrierRejectedException>(
            "a late request with the rollback may still be on its way");

        (await Shop.CountOrdersAsync()).Should().Be(0);
    }

    [Test]
    public async Task Work_ThatIsCancelled_IsRolledBack()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();
        using var cancelled = new CancellationTokenSource();

        await Producer.Invoking(p => p.SendAsync(connection, message, async (transaction, token) =>
        {
            await PlaceAsync(transaction, token);
            await cancelled.CancelAsync();
            token.ThrowIfCancellationRequested();
        }, cancellationToken: cancelled.Token)).Should().ThrowAsync<OperationCanceledException>();

        Coordinator.StateOf(message).Should().Be(MessageStates.RolledBack);
        (await Shop.CountOrdersAsync()).Should().Be(0);
    }

    [Test]
    public async Task Rollback_ThatDoesNotGetThrough_IsLeftToTheCheckBack()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();

        await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) =>
        {
            Coordinator.IsAway = true;
            throw new FormatException();
        })).Should().ThrowAsync<FormatException>();

        Coordinator.StateOf(message).Should().Be(MessageStates.Prepared);
        (await Shop.AskAsync(message)).Should().Be(CheckBackAnswer.Rollback);
    }

    [Test]
    public async Task Verdict_ThatDoesNotGetThrough_IsPendingAndNoError()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();

        var sent = await Producer.SendAsync(connection, message, (transaction, token) =>
        {
            Coordinator.IsAway = true;
            return PlaceAsync(transaction, token);
        });

        sent.VerdictPending.Should().BeTrue();
        (await Shop.CountOrdersAsync()).Should().Be(1);
        (await Shop.AskAsync(message)).Should().Be(CheckBackAnswer.Commit);
    }

    [Test]
    public async Task Verdict_ThatCannotEvenBeTried_IsPendingAndNoError()
    {
        var producer = new TransactionalProducer(
            Coordinator, Shop.Barrier, new ProducerOptions { Name = "shop", Connect = Shop.Connect, VerdictTimeout = TimeSpan.FromDays(60) }, TimeProvider.System, Log);
        await using var connection = Shop.Connect();

        var sent = await producer.SendAsync(connection, NewMessage(), PlaceAsync);

        sent.Should().Be(new Sent<int>(1, VerdictStatus.Pending), "no timer is that long, and the order is there");
        await producer.Invoking(p => p.SendAsync(connection, NewMessage(), FailAsync)).Should().ThrowAsync<FormatException>();
    }

    [Test]
    public async Task Verdict_AgainstAPersons_IsOverruled()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();

        var sent = await Producer.SendAsync(connection, message, (transaction, token) =>
        {
            Coordinator.Decide(message, MessageStates.RolledBack);
            return PlaceAsync(transaction, token);
        });

        sent.Verdict.Should().Be(VerdictStatus.Overruled);
    }

    [Test]
    public async Task LocalCommit_ThatFails_IsNoVerdict()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();

        var uncertain = await Producer.Invoking(p => p.SendAsync(connection, message, FailAtCommitAsync)).Should().ThrowAsync<LocalCommitUncertainException>();

        uncertain.Which.MessageId.Should().Be(message.Id);
        uncertain.WithInnerException<SqliteException>();
        Coordinator.Calls.Should().Equal("prepare");
    }

    [Test]
    public async Task Work_IsNotBegunWithoutAHalfMessage()
    {
        Coordinator.IsAway = true;
        await using var connection = Shop.Connect();

        await Producer.Invoking(p => p.SendAsync(connection, NewMessage(), (_, _) => throw new AssertionException("begun"))).Should().ThrowAsync<CoordinatorUnavailableException>();
    }

    [Test]
    public async Task CheckBack_WhileTheWorkIsStillToBegin_FencesItOff()
    {
        var message = NewMessage();
        (await Shop.AskAsync(message)).Should().Be(CheckBackAnswer.Rollback);
        await using var connection = Shop.Connect();

        await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new AssertionException("begun"))).Should().ThrowAsync<BarrierRejectedException>();

        Coordinator.StateOf(message).Should().Be(MessageStates.RolledBack);
    }

    [Test]
    public async Task Messages_OfOneTransaction_AreAllCommitted()
    {
        Message[] messages = [NewMessage(), NewMessage()];
        await using var connection = Shop.Connect();

        var sent = await Producer.SendAsync(connection, messages, PlaceAsync);

        sent.Should().Be(new Sent<int>(1, VerdictStatus.Recorded));
        messages.Select(Coordinator.StateOf).Should().AllBe(MessageStates.Committed);
    }

    [Test]
    public async Task Messages_OfOneTransaction_AreAllRolledBack()
    {
        Message[] messages = [NewMessage(), NewMessage()];
        await using var connection = Shop.Connect();

        await Producer.Invoking(p => p.SendAsync(connection, messages, FailAsync)).Should().ThrowAsync<FormatException>();

        messages.Select(Coordinator.StateOf).Should().AllBe(MessageStates.RolledBack);
    }

    [TestCase(413, typeof(CoordinatorRefusedException))]
    [TestCase(503, typeof(CoordinatorUnavailableException))]
    public async Task Messages_OfWhichOneIsNotStored_AreNotSent(int status, Type expected)
    {
        Message[] messages = [NewMessage(), NewMessage()];
        Coordinator.Judge = message => message == messages[1] ? new MessageResult(message.Id, status, null, "no") : new MessageResult(message.Id, 201, "prepared", null);
        await using var connection = Shop.Connect();

        var send = () => Producer.SendAsync(connection, messages, PlaceAsync);

        (await send.Should().ThrowAsync<CoordinatorException>()).Which.Should().BeOfType(expected);
        (await Shop.CountOrdersAsync()).Should().Be(0);
    }

    [Test]
    public async Task Messages_MustBeThereAndDiffer()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();

        await Producer.Invoking(p => p.SendAsync(connection, [], PlaceAsync)).Should().ThrowAsync<ArgumentException>();
        await Producer.Invoking(p => p.SendAsync(connection, [message, message], PlaceAsync)).Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task SingleSteps_MakeTheSame()
    {
        var message = NewMessage();
        await Producer.PrepareAsync(message);
        await using (var connection = await Shop.OpenAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await Producer.EnterAsync(transaction, message.Id);
            await PlaceAsync(transaction, CancellationToken.None);
            await transaction.CommitAsync();
        }

        (await Producer.CommitAsync(message.Id)).State.Should().Be(MessageStates.Committed);
    }

    [Test]
    public async Task OrdinaryMessages_AreCommittedAtOnce()
    {
        (await Producer.SendAsync(NewMessage())).State.Should().Be(MessageStates.Committed);
        (await Producer.SendAsync([NewMessage(), NewMessage()])).Should().OnlyContain(result => result.IsSuccess).And.HaveCount(2);
    }

    private static Message NewMessage() => Message.Json("orders", new { order = 1 });

    private static Task<int> PlaceAsync(DbTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("INSERT INTO Orders (Text) VALUES ('new')", transaction: transaction, cancellationToken: cancellationToken));

    private static Task FailAsync(DbTransaction transaction, CancellationToken cancellationToken) => throw new FormatException();

    private static async Task FailAtCommitAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        await PlaceAsync(transaction, cancellationToken);
        await transaction.Connection!.ExecuteAsync("INSERT INTO Lines (OrderId) VALUES (-1)", transaction: transaction);
    }
}
