using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.Transactions;

public sealed class MessageStateMachineTests
{
    [TestCase(MessageState.Prepared, Verdict.Commit, MessageState.Committed)]
    [TestCase(MessageState.Prepared, Verdict.Rollback, MessageState.RolledBack)]
    [TestCase(MessageState.Parked, Verdict.Commit, MessageState.Committed)]
    [TestCase(MessageState.Parked, Verdict.Rollback, MessageState.RolledBack)]
    [TestCase(MessageState.Committed, Verdict.Commit, MessageState.Committed)]
    [TestCase(MessageState.Committed, Verdict.Rollback, null)]
    [TestCase(MessageState.RolledBack, Verdict.Commit, null)]
    [TestCase(MessageState.RolledBack, Verdict.Rollback, MessageState.RolledBack)]
    public void Decide_OfEveryStateAndVerdict_FollowsTheDesign(MessageState state, Verdict verdict, MessageState? next) =>
        MessageStateMachine.Decide(state, verdict).Should().Be(next);

    [Test]
    public void Decide_OnceDecided_NeverChangesTheRecordedVerdict()
    {
        foreach (var state in Enum.GetValues<MessageState>().Where(state => !state.IsUndecided()))
        foreach (var verdict in Enum.GetValues<Verdict>())
            MessageStateMachine.Decide(state, verdict).Should().Be(state.Recorded() == verdict ? state : null);
    }

    [Test]
    public void Decide_AfterAnyVerdict_RecordsThatVerdict()
    {
        foreach (var state in Enum.GetValues<MessageState>())
        foreach (var verdict in Enum.GetValues<Verdict>())
            if (MessageStateMachine.Decide(state, verdict) is { } next) next.Recorded().Should().Be(verdict);
    }

    [TestCase(MessageState.Prepared, MessageState.Parked)]
    [TestCase(MessageState.Parked, MessageState.Parked)]
    [TestCase(MessageState.Committed, MessageState.Committed)]
    [TestCase(MessageState.RolledBack, MessageState.RolledBack)]
    public void Park_OfEveryState_ParksHalfMessagesOnly(MessageState state, MessageState next) => MessageStateMachine.Park(state).Should().Be(next);

    [Test]
    public void States_AsTheStoreHasThem_NeverChangeTheirNumbers() =>
        Enum.GetValues<MessageState>().Select(state => ((int)state, state.ToWire())).Should()
            .Equal((0, "prepared"), (1, "parked"), (2, "committed"), (3, "rolledBack"));

    [Test]
    public void Parse_OfEveryWireName_GivesTheStateBack()
    {
        foreach (var state in Enum.GetValues<MessageState>()) MessageStateNames.Parse(state.ToWire()).Should().Be(state);
        MessageStateNames.Parse("Prepared").Should().BeNull();
        VerdictNames.Parse("commit").Should().Be(Verdict.Commit);
        VerdictNames.Parse("rollback").Should().Be(Verdict.Rollback);
        VerdictNames.Parse("unknown").Should().BeNull();
        VerdictNames.Parse(null).Should().BeNull();
    }
}
