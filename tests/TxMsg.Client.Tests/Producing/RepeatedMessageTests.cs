using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>One message in several calls: its work is done once, and each caller hears what became of it.</summary>
public sealed class RepeatedMessageTests : ProducerFixture
{
    private readonly Message message = Message.Json("orders", new { order = 1 });

    [Test]
    public async Task Message_SentAgainAfterACommitThatFailed_IsSentOnce()
    {
        await using var connection = Shop.Connect();
        await Producer.Invoking(p => p.SendAsync(connection, message, FailAtCommitAsync)).Should().ThrowAsync<LocalCommitUncertainException>();

        var sent = await Producer.SendAsync(connection, message, PlaceAsync);

        sent.Verdict.Should().Be(VerdictStatus.Recorded, "the commit that failed was rolled back, and nobody had been told anything");
        (await Shop.CountOrdersAsync()).Should().Be(1);
    }

    [Test]
    public async Task Message_SentAgainAfterACommitWhoseAnswerWasLost_IsCommittedAlready()
    {
        await using var connection = Shop.Connect();
        await Producer.Invoking(p => p.SendAsync(connection, message, async (transaction, token) =>
        {
            await PlaceAsync(transaction, token);
            // What follows fails, as when the connection is lost after the commit.
            await transaction.CommitAsync(token);
        })).Should().ThrowAsync<LocalCommitUncertainException>();

        var again = await Producer.Invoking(p => p.SendAsync(connection, message, PlaceAsync)).Should().ThrowAsync<MessageDecidedException>();

        again.Which.State.Should().Be(MessageStates.Committed);
        Coordinator.StateOf(message).Should().Be(MessageStates.Committed);
        (await Shop.CountOrdersAsync()).Should().Be(1);
    }

    [Test]
    public async Task Message_WhoseTransactionHasCommitted_IsNotRunAgain()
    {
        await using var connection = Shop.Connect();
        await Producer.SendAsync(connection, message, PlaceAsync);

        var again = await Producer.Invoking(p => p.SendAsync(connection, message, PlaceAsync)).Should().ThrowAsync<MessageDecidedException>();

        again.Which.State.Should().Be(MessageStates.Committed);
        (await Shop.CountOrdersAsync()).Should().Be(1);
    }

    [Test]
    public async Task Message_WhoseVerdictWasLost_IsNotRunAgainAndGetsItsVerdict()
    {
        await using var connection = Shop.Connect();
        await Producer.SendAsync(connection, message, PlaceAsync);
        Coordinator.Decide(message, MessageStates.Prepared);

        var again = await Producer.Invoking(p => p.SendAsync(connection, message, PlaceAsync)).Should().ThrowAsync<MessageDecidedException>();

        again.Which.State.Should().Be(MessageStates.Committed);
        Coordinator.StateOf(message).Should().Be(MessageStates.Committed, "the barrier says so");
        (await Shop.CountOrdersAsync()).Should().Be(1);
    }

    [Test]
    public async Task Messages_OfWhichOneWasCommittedBefore_AreNotSentAndThatOneIsNamed()
    {
        Message[] messages = [Message.Json("orders", new { order = 2 }), message];
        await using var connection = Shop.Connect();
        await Producer.SendAsync(connection, message, PlaceAsync);
        Coordinator.Decide(message, MessageStates.Prepared);

        var refused = await Producer.Invoking(p => p.SendAsync(connection, messages, PlaceAsync)).Should().ThrowAsync<MessageDecidedException>();

        refused.Which.Id.Should().Be(message.Id);
        Coordinator.StateOf(messages[0]).Should().Be(MessageStates.RolledBack);
        (await Shop.CountOrdersAsync()).Should().Be(1);
    }

    [TestCaseSource(typeof(BarrierDatabases), nameof(BarrierDatabases.All))]
    public async Task Calls_AtTheSameTime_AreOneThatRecordsAndOthersThatHearOfIt(string name)
    {
        await using var database = await BarrierDatabases.CreateAsync(name);
        var producer = new TransactionalProducer(
            Coordinator, new TransactionBarrier(TimeProvider.System), new ProducerOptions { Name = "shop", Connect = database.Connect }, TimeProvider.System,
            NullLogger<TransactionalProducer>.Instance);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(SendAsync)));

        outcomes.Should().BeEquivalentTo("Recorded", "committed", "committed", "committed");
        (await database.CountWorkAsync(message.Id)).Should().Be(1);

        async Task<string> SendAsync()
        {
            await using var connection = database.Connect();
            try
            {
                return (await producer.SendAsync(connection, message, WorkAsync)).Verdict.ToString();
            }
            catch (MessageDecidedException decided)
            {
                return decided.State;
            }
        }

        async Task WorkAsync(DbTransaction transaction, CancellationToken token)
        {
            await transaction.Connection!.ExecuteAsync("INSERT INTO work (id) VALUES (@id)", new { id = message.Id.ToByteArray(true) }, transaction);
            await Task.Delay(100, token);
        }
    }

    private static Task<int> PlaceAsync(DbTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync("INSERT INTO Orders (Text) VALUES ('new')", transaction: transaction);

    private static async Task FailAtCommitAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        await PlaceAsync(transaction, cancellationToken);
        await transaction.Connection!.ExecuteAsync("INSERT INTO Lines (OrderId) VALUES (-1)", transaction: transaction);
    }
}
