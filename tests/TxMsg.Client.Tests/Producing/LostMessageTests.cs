using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Tests.Producing;

/// <summary>A coordinator that was restored, or failed over, may have lost a half message that it had stored. It cannot ask about it.</summary>
public sealed class LostMessageTests : ProducerFixture
{
    [Test]
    public async Task Message_ThatTheCoordinatorHasLost_IsSentAgain()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();
        Coordinator.Loses = _ => true;

        var sent = await Producer.SendAsync(connection, message, PlaceAsync);

        sent.Verdict.Should().Be(VerdictStatus.Recorded);
        Coordinator.Calls.Should().Equal("prepare", "commit", "send");
        Coordinator.StateOf(message).Should().Be(MessageStates.Committed);
    }

    [Test]
    public async Task Message_ThatTheCoordinatorHasLostAndDoesNotTakeAgain_IsLostAndNotPending()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();
        Coordinator.Loses = _ => true;
        Coordinator.Judge = lost => new MessageResult(lost.Id, 503, null, "busy");

        var sent = await Producer.SendAsync(connection, message, PlaceAsync);

        sent.Should().Be(new Sent<int>(1, VerdictStatus.Lost));
        sent.VerdictPending.Should().BeFalse("nobody will ever ask");
        Log.Entries.Should().ContainSingle().Which.Should().Match<(LogLevel Level, string Text)>(entry =>
            entry.Level == LogLevel.Error && entry.Text.Contains(message.Id.ToString()) && entry.Text.Contains("must be sent again"));
    }

    [Test]
    public async Task Messages_OfWhichOneIsLost_AreAllCommitted()
    {
        Message[] messages = [NewMessage(), NewMessage()];
        await using var connection = Shop.Connect();
        Coordinator.Loses = message => message == messages[1];

        var sent = await Producer.SendAsync(connection, messages, PlaceAsync);

        sent.Verdict.Should().Be(VerdictStatus.Recorded);
        Coordinator.Calls.Should().EndWith("send").And.ContainSingle(call => call == "send");
        messages.Select(Coordinator.StateOf).Should().AllBe(MessageStates.Committed);
    }

    [Test]
    public async Task Rollback_OfAMessageThatIsLost_NeedsNothing()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();
        Coordinator.Loses = _ => true;

        await Producer.Invoking(p => p.SendAsync(connection, message, (_, _) => throw new FormatException())).Should().ThrowAsync<FormatException>();

        Coordinator.Calls.Should().Equal("prepare", "rollback");
        Coordinator.StateOf(message).Should().BeNull();
    }

    [Test]
    public async Task Message_ThatAnEarlierTransactionCommitted_IsSentAgainThoughThisOneFailed()
    {
        var message = NewMessage();
        await using var connection = Shop.Connect();
        await Producer.SendAsync(connection, message, PlaceAsync);
        Coordinator.Decide(message, MessageStates.Prepared);
        Coordinator.Loses = _ => true;

        await Producer.Invoking(p => p.SendAsync(connection, message, PlaceAsync)).Should().ThrowAsync<MessageDecidedException>();

        Coordinator.StateOf(message).Should().Be(MessageStates.Committed, "the barrier says so");
    }

    private static Message NewMessage() => Message.Json("orders", new { order = 1 });

    private static Task<int> PlaceAsync(DbTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("INSERT INTO Orders (Text) VALUES ('new')", transaction: transaction, cancellationToken: cancellationToken));
}
