using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class QuestionsByHandTests
{
    private const int AtOnce = 4;
    private const int Places = 2 * AtOnce;

    private TestNode node = null!;
    private Inbox inbox = null!;
    private TaskCompletionSource answering = null!;

    [SetUp]
    public async Task StartAsync()
    {
        answering = new TaskCompletionSource();
        inbox = await Inbox.OpenAsync();
        inbox.Before = _ => answering.Task;
        inbox.Answer = static _ => """{"verdict":"unknown"}""";
        node = await TestNode.StartAsync(("TxMsg:CheckBacks:MaxConcurrencyPerProducer", $"{AtOnce}"));
        await node.RegisterAsync(checkBackUrl: inbox.Url);
    }

    [TearDown]
    public async Task StopAsync()
    {
        answering.TrySetResult();
        await node.AnsweredByHandAsync();
        await node.DisposeAsync();
        await inbox.DisposeAsync();
    }

    [Test]
    public async Task Ask_AboutOneThatIsBeingAskedAbout_JoinsThatQuestion()
    {
        var message = await node.PrepareAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => node.AskByHandAsync(message.Id)));
        answering.SetResult();
        await node.AnsweredByHandAsync();

        outcomes.Should().OnlyContain(outcome => outcome == ManualCheckBackOutcome.Asked);
        inbox.Requests.Should().ContainSingle();
        (await AskedAsync()).Should().Be(1, "what joins a question leaves no trace");
        (await node.ReadAsync("SELECT COUNT(*) FROM check_backs")).Should().Be(1);
    }

    [Test]
    public async Task Ask_OnceTheQuestionIsAnswered_AsksAgain()
    {
        answering.SetResult();
        var message = await node.PrepareAsync();

        for (var i = 0; i < 2; i++)
        {
            (await node.AskByHandAsync(message.Id)).Should().Be(ManualCheckBackOutcome.Asked);
            await node.AnsweredByHandAsync();
        }

        inbox.Requests.Should().HaveCount(2);
        (await AskedAsync()).Should().Be(2);
    }

    [Test]
    public async Task Ask_BeyondTheProducersPlaces_IsRefusedUntilThereIsRoom()
    {
        for (var i = 0; i < Places; i++) (await AskAboutAnotherAsync()).Should().Be(ManualCheckBackOutcome.Asked);

        (await AskAboutAnotherAsync()).Should().Be(ManualCheckBackOutcome.Full);

        (await AskedAsync()).Should().Be(Places, "nothing is stored of what is refused");
        await Eventually.HoldsAsync(() => inbox.Requests.Should().HaveCount(AtOnce));
        answering.SetResult();
        await node.AnsweredByHandAsync();
        inbox.Requests.Should().HaveCount(Places);
        (await AskAboutAnotherAsync()).Should().Be(ManualCheckBackOutcome.Asked);
    }

    [Test]
    public async Task Ask_WhileAnotherProducerHangs_IsNotKeptWaiting()
    {
        for (var i = 0; i < Places; i++) await AskAboutAnotherAsync();
        await using var well = await Inbox.OpenAsync();
        well.Answer = static _ => """{"verdict":"commit"}""";
        await node.RegisterAsync("other", well.Url);
        var message = await node.PrepareAsync(node.NewMessage(of: "other"));

        (await node.AskByHandAsync(message.Id)).Should().Be(ManualCheckBackOutcome.Asked);

        await Eventually.HoldsAsync(async () => (await node.StateOfAsync(message.Id)).Should().Be(MessageState.Committed));
    }

    [Test]
    public async Task Ask_ThatCannotBeStored_FailsForAllThatJoined_AndKeepsNoPlace()
    {
        var message = await node.PrepareAsync();
        await node.ExecuteAsync("CREATE TRIGGER no_audit BEFORE INSERT ON operator_actions BEGIN SELECT RAISE(ABORT, 'no audit'); END;");

        var asking = Enumerable.Range(0, 5).Select(_ => node.AskByHandAsync(message.Id)).ToArray();

        foreach (var one in asking) await FluentActions.Awaiting(() => one).Should().ThrowAsync<SqliteException>();
        node.Get<QuestionsByHand>().Count.Should().Be(0);
        inbox.Requests.Should().BeEmpty();
    }

    private async Task<ManualCheckBackOutcome> AskAboutAnotherAsync() => await node.AskByHandAsync((await node.PrepareAsync()).Id);

    private Task<long?> AskedAsync() => node.ReadAsync("SELECT COUNT(*) FROM operator_actions WHERE action = 'checkBack'");
}
