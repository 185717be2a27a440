using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Producing;

namespace TxMsg.Client.Testing.Tests;

/// <summary>What a producer meets.</summary>
public sealed class CheckBackTests : InMemoryFixture
{
    [Test]
    public async Task Producer_IsAskedUntilItKnows()
    {
        var answers = new Queue<CheckBackAnswer?>([CheckBackAnswer.Unknown, null, CheckBackAnswer.Commit]);
        Coordinator.AnswerCheckBacks("shop", _ => answers.Dequeue());
        var prepared = await Coordinator.PrepareAsync("shop", Text("a"));

        await Coordinator.AdvanceAsync(TimeSpan.FromMinutes(10));

        Coordinator.CheckBacks.Select(one => ((one.At - prepared.PreparedAt).TotalSeconds, one.Attempt, one.Answer)).Should().Equal(
            (30, 1, "unknown"), (60, 2, "unreachable"), (120, 3, "commit"));
        (await Coordinator.FindAsync(prepared.Id)).Should().BeEquivalentTo(new { State = "committed", DecidedBy = "checkBack", CheckBacks = 3 });
    }

    [Test]
    public async Task UnknownAnswers_ParkTheMessage_AndALateVerdictStillCounts()
    {
        await Coordinator.RegisterProducerAsync("shop", new() { CheckBackUrl = "http://x.test", MaxUnknownAnswers = 2 });
        Coordinator.AnswerCheckBacks("shop", _ => CheckBackAnswer.Unknown);
        var id = (await Coordinator.PrepareAsync("shop", Text("a"))).Id;

        await Coordinator.AdvanceAsync(TimeSpan.FromDays(1));
        Coordinator.CheckBacks.Should().HaveCount(2);
        (await Coordinator.FindAsync(id)).Should().BeEquivalentTo(new { State = "parked", NextCheckBackAt = (DateTimeOffset?)null });
        (await Coordinator.CheckBackAsync(id)).Should().BeTrue();
        (await Coordinator.FindAsync(id))!.State.Should().Be("parked");

        (await Coordinator.CommitAsync(id)).State.Should().Be("committed");
        (await Coordinator.CheckBackAsync(id)).Should().BeFalse();
    }

    [Test]
    public async Task UnreachableProducer_IsAskedForThreeDays_AndNothingIsDecided()
    {
        var prepared = await Coordinator.PrepareAsync("shop", Text("a"));

        await Coordinator.AdvanceAsync(TimeSpan.FromHours(71));
        (await Coordinator.FindAsync(prepared.Id))!.State.Should().Be("prepared");
        await Coordinator.AdvanceAsync(TimeSpan.FromHours(2));

        (await Coordinator.FindAsync(prepared.Id))!.State.Should().Be("parked");
        Coordinator.CheckBacks.Should().HaveCountGreaterThan(400).And.OnlyContain(one => one.Answer == "unreachable");
    }

    [Test]
    public async Task LostVerdict_IsFoundByTheCheckBack_FromTheBarrier()
    {
        await SubscribeAsync();
        var producer = await MakeProducerAsync();
        await using var connection = Connect();
        Coordinator.FailNext(CallKind.Commit);

        var sent = await producer.SendAsync(connection, Text("a"), (_, _) => Task.CompletedTask);
        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(29));
        Handled.Should().BeEmpty();
        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(1));

        sent.VerdictPending.Should().BeTrue();
        Handled.Should().Equal("a");
        Coordinator.CheckBacks.Single().Answer.Should().Be("commit");
    }

    [Test]
    public async Task CheckBack_DuringTheLocalTransaction_IsUnknown_AndTheClockGoesOn()
    {
        var producer = await MakeProducerAsync();
        await using var connection = Connect();

        await producer.SendAsync(connection, Text("a"), (_, token) => Coordinator.AdvanceAsync(TimeSpan.FromSeconds(30), token).WaitAsync(TimeSpan.FromMinutes(1), token));

        Coordinator.CheckBacks.Single().Answer.Should().Be("unknown");
        Coordinator.Messages.Single().State.Should().Be("committed");
    }

    [Test]
    public async Task HalfMessageWithoutItsTransaction_IsRolledBackByTheBarrier_WhichFencesTheTransactionOff()
    {
        var producer = await MakeProducerAsync();
        var message = Text("a");
        Coordinator.LoseNextAnswer(CallKind.Prepare);
        await producer.Invoking(one => one.PrepareAsync(message)).Should().ThrowAsync<CoordinatorUnavailableException>();

        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(30));

        Coordinator.Messages.Single().Resource.Should().BeEquivalentTo(new { State = "rolledBack", DecidedBy = "checkBack" });
        await using var connection = Connect();
        await connection.OpenAsync();
        await using DbTransaction transaction = connection.BeginTransaction();
        await producer.Invoking(one => one.EnterAsync(transaction, message.Id)).Should().ThrowAsync<BarrierRejectedException>();
    }

    [Test]
    public async Task Responder_WithAnotherSecret_IsUnreachable()
    {
        await MakeProducerAsync(Contracts.Signatures.WebhookSecret.Generate().Reveal());
        await Coordinator.PrepareAsync("shop", Text("a"));

        await Coordinator.AdvanceAsync(TimeSpan.FromSeconds(30));

        Coordinator.CheckBacks.Single().Should().BeEquivalentTo(new { Answer = "unreachable", Error = "The signature does not count: NoMatch." });
    }

    [Test]
    public async Task Faults_AreOfOneCall_AndOfItsKind()
    {
        var message = Text("a");
        Coordinator.FailNext(CallKind.Commit, times: 2);
        Coordinator.LoseNextAnswer();

        await FailsAsync(() => Coordinator.PrepareAsync("shop", message));
        Coordinator.Messages.Should().ContainSingle("the call acted before its answer was lost");
        await FailsAsync(() => Coordinator.CommitAsync(message.Id));
        await FailsAsync(() => Coordinator.CommitAsync(message.Id));
        (await Coordinator.FindAsync(message.Id))!.State.Should().Be("prepared", "the calls failed before they acted");
        Coordinator.Offline = true;
        await FailsAsync(() => Coordinator.FindAsync(message.Id));
        Coordinator.Offline = false;

        (await Coordinator.CommitAsync(message.Id)).State.Should().Be("committed");

        static Task FailsAsync(Func<Task> call) => call.Should().ThrowAsync<CoordinatorUnavailableException>();
    }

    private async Task<TransactionalProducer> MakeProducerAsync(string? secret = null)
    {
        var barrier = new TransactionBarrier(Coordinator.Time);
        await using var connection = Connect();
        await connection.OpenAsync();
        await barrier.CreateTableAsync(connection, CancellationToken.None);
        var options = new BarrierOptions { Producer = "shop", Connect = Connect, Wait = TimeSpan.FromMilliseconds(100) };
        options.Secrets.Add(secret ?? Secret);
        Coordinator.AnswerCheckBacks("shop", new CheckBackResponder(barrier, options, Coordinator.Time, NullLogger<CheckBackResponder>.Instance));
        return new TransactionalProducer(
            Coordinator, barrier, new ProducerOptions { Name = "shop", Connect = Connect }, Coordinator.Time, NullLogger<TransactionalProducer>.Instance);
    }
}
