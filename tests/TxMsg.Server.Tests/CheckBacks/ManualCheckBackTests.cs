using System.Text.Json;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class ManualCheckBackTests
{
    private TestNode node = null!;
    private Inbox inbox = null!;

    [SetUp]
    public async Task StartAsync()
    {
        inbox = await Inbox.OpenAsync();
        node = await TestNode.StartAsync();
        await node.RegisterAsync(checkBackUrl: inbox.Url);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await node.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task StartAsync_OfAHalfMessage_AsksNowAndKeepsTheReason()
    {
        inbox.Answer = static _ => """{"verdict":"rollback"}""";
        var message = await node.PrepareAsync();

        (await StartAsync(message.Id)).Should().Be(ManualCheckBackOutcome.Asked);
        await AnsweredAsync();

        (await node.StateOfAsync(message.Id)).Should().Be(MessageState.RolledBack);
        (await node.ReadAsync("SELECT COUNT(*) FROM operator_actions WHERE actor = 'admin' AND action = 'checkBack' AND reason = 'why'")).Should().Be(1);
    }

    [TestCase("""{"verdict":"unknown"}""", MessageState.Parked)]
    [TestCase("nonsense", MessageState.Parked)]
    [TestCase("""{"verdict":"commit"}""", MessageState.Committed)]
    public async Task StartAsync_OfAParkedMessage_LeavesItParkedUnlessDecided(string answer, MessageState after)
    {
        inbox.Answer = _ => answer;
        var message = await node.PrepareAsync();
        await node.ExecuteAsync($"UPDATE messages SET state = 1, parked_at = 42, check_back_at = NULL");

        (await StartAsync(message.Id)).Should().Be(ManualCheckBackOutcome.Asked);
        await AnsweredAsync();

        (await node.StateOfAsync(message.Id)).Should().Be(after);
        (await node.ReadAsync("SELECT parked_at FROM messages")).Should().Be(42);
    }

    [Test]
    public async Task StartAsync_OfADecidedMessage_AsksNobody()
    {
        var message = await node.PrepareAsync();
        await node.DecideAsync(message.Id);

        (await StartAsync(message.Id)).Should().Be(ManualCheckBackOutcome.Decided);

        node.Get<QuestionsByHand>().Count.Should().Be(0);
        inbox.Requests.Should().BeEmpty();
        (await node.ReadAsync("SELECT COUNT(*) FROM operator_actions WHERE action = 'checkBack'")).Should().Be(0);
    }

    [Test]
    public async Task StartAsync_WhenTheProducerDecidesMeanwhile_ChangesNothing()
    {
        var decided = new TaskCompletionSource();
        inbox.Before = _ => decided.Task;
        inbox.Answer = static _ => """{"verdict":"rollback"}""";
        var message = await node.PrepareAsync();
        await StartAsync(message.Id);
        await node.DecideAsync(message.Id);

        decided.SetResult();
        await AnsweredAsync();

        (await node.StateOfAsync(message.Id)).Should().Be(MessageState.Committed);
        (await node.ReadAsync("SELECT check_backs FROM messages")).Should().Be(1, "it was asked about, and the timeline shows it");
    }

    [Test]
    public async Task StartAsync_WhileItIsBeingAskedAbout_AsksWithTheNextNumberAndKeepsBoth()
    {
        inbox.Answer = static _ => """{"verdict":"unknown"}""";
        var message = await node.PrepareAsync();
        var under = (await node.Get<ManualCheckBack>().ClaimAsync(message.Id, "a bulk action", "why"))!;

        (await StartAsync(message.Id)).Should().Be(ManualCheckBackOutcome.Asked);
        await node.Get<CheckBackRunner>().RunAsync(under, CancellationToken.None);
        await AnsweredAsync();

        inbox.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("attempt").GetInt32()).Should().BeEquivalentTo([1, 2]);
        (await node.ReadAsync("SELECT COUNT(*) FROM check_backs WHERE attempt IN (1, 2)")).Should().Be(2);
        (await node.ReadAsync("SELECT check_backs FROM messages")).Should().Be(2);
    }

    [Test]
    public async Task StartAsync_OfTheLastUnknownAnswer_ParksTheMessage()
    {
        inbox.Answer = static _ => """{"verdict":"unknown"}""";
        var message = await node.PrepareAsync();
        await node.ExecuteAsync("UPDATE messages SET unknown_answers = 14, check_backs = 20");
        await StartAsync(message.Id);

        await AnsweredAsync();

        (await node.StateOfAsync(message.Id)).Should().Be(MessageState.Parked);
        (await node.ReadAsync("SELECT COUNT(*) FROM messages WHERE check_back_at IS NULL AND check_back_token IS NULL AND unknown_answers = 15 AND check_backs = 21 AND parked_at IS NOT NULL"))
            .Should().Be(1);
    }

    private Task<ManualCheckBackOutcome> StartAsync(Guid id) => node.AskByHandAsync(id);

    private Task AnsweredAsync() => node.AnsweredByHandAsync();
}
