using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Tests.Hosted;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class VerdictTests
{
    private TestNode node = null!;

    [SetUp]
    public async Task StartAsync()
    {
        node = await TestNode.StartAsync();
        await node.RegisterAsync();
    }

    [TearDown]
    public async Task StopAsync() => await node.DisposeAsync();

    [Test]
    public async Task When_a_strangers_verdict_is_in_the_same_transaction()
    {
        var message = await node.PrepareAsync();
        var stranger = Verdict(message.Id, Server.Transactions.Verdict.Rollback, onlyProducerId: 999);
        var own = Verdict(message.Id, Server.Transactions.Verdict.Commit, message.ProducerId);

        await TogetherAsync(stranger, own);

        stranger.Result.Outcome.Should().Be(VerdictOutcome.Forbidden);
        own.Result.Outcome.Should().Be(VerdictOutcome.Decided);
        (await node.StateOfAsync(message.Id)).Should().Be(MessageState.Committed);
    }

    [Test]
    public async Task When_both_verdicts_are_in_the_same_transaction()
    {
        var message = await node.PrepareAsync();
        var first = Verdict(message.Id, Server.Transactions.Verdict.Rollback);
        var second = Verdict(message.Id, Server.Transactions.Verdict.Commit);
        var third = Verdict(message.Id, Server.Transactions.Verdict.Rollback);

        await TogetherAsync(first, second, third);

        first.Result.Outcome.Should().Be(VerdictOutcome.Decided);
        second.Result.Should().BeEquivalentTo(new { Outcome = VerdictOutcome.Conflict, State = MessageState.RolledBack });
        third.Result.Outcome.Should().Be(VerdictOutcome.Repeated);
    }

    [Test]
    public async Task When_prepare_and_verdict_are_in_the_same_transaction()
    {
        var message = node.NewMessage();
        var prepare = new PrepareOperation(message, node.Time.GetUtcNow());
        var verdict = Verdict(message.Id, Server.Transactions.Verdict.Commit);

        await TogetherAsync(verdict, prepare);

        prepare.Result.Should().Be(PrepareOutcome.Created);
        verdict.Result.Outcome.Should().Be(VerdictOutcome.Decided);
    }

    [Test]
    public async Task When_the_cached_content_is_another_messages_of_that_id()
    {
        // Another node rolled the first one back and purged it; its producer used the id again, on that node.
        var first = await node.PrepareAsync(node.NewMessage("\"first\""));
        await node.SubscribeAsync();
        await node.ExecuteAsync("DELETE FROM messages; DELETE FROM message_contents;");
        node.Time.Advance(TimeSpan.FromDays(4));
        var second = new NewMessage
        {
            Id = first.Id, ProducerId = first.ProducerId, Producer = "shop", Topic = "orders", CheckBackAfter = TimeSpan.FromSeconds(30),
            Content = new MessageContent("application/json", null, "\"second\""u8.ToArray()),
        };
        await node.Committer.WriteAsync(new PrepareOperation(second, node.Time.GetUtcNow()));

        node.Get<Server.Deliveries.DeliveryWorker>().Stop();
        var operation = await node.DecideAsync(first.Id);

        var content = operation.Result.Decided!.FannedOut!.Ways.Single().Leased!.Content;
        (content is null || content.IsSameAs(second.Content)).Should().BeTrue("what is delivered is what is stored");
    }

    private VerdictOperation Verdict(Guid id, Verdict verdict, long? onlyProducerId = null) =>
        new(id, verdict, VerdictSource.Producer, node.Time.GetUtcNow()) { OnlyProducerId = onlyProducerId };

    private async Task TogetherAsync(params WriteOperation[] operations)
    {
        using var entered = new ManualResetEventSlim();
        using var open = new ManualResetEventSlim();
        node.Break.OnApply = () =>
        {
            entered.Set();
            open.Wait();
        };
        var holding = node.DecideAsync(Guid.NewGuid());
        entered.Wait();
        node.Break.OnApply = static () => { };
        var writing = operations.Select(operation => operation is PrepareOperation prepare ? (Task)node.Committer.WriteAsync(prepare) : node.Committer.WriteAsync((VerdictOperation)operation)).ToArray();
        open.Set();
        await Task.WhenAll([holding, .. writing]);
    }
}
