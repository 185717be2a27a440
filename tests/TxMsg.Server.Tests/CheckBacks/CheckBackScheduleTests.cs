using CsCheck;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.CheckBacks;
using TxMsg.Server.Registry;
using TxMsg.Server.Tests.Transactions;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class CheckBackScheduleTests
{
    private static readonly DateTimeOffset Prepared = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
    private static readonly CheckBackOptions Options = new();

    [TestCase(1, 30)]
    [TestCase(2, 60)]
    [TestCase(3, 120)]
    [TestCase(5, 480)]
    [TestCase(6, 600)]
    [TestCase(1000, 600)]
    [TestCase(int.MaxValue, 600)]
    public void PauseAfter_InTheMiddleOfTheJitter_DoublesUpToTheCap(int checkBacks, double seconds) =>
        CheckBackSchedule.PauseAfter(checkBacks, Options, 0.5).TotalSeconds.Should().BeApproximately(seconds, 0.001);

    [Test]
    public void PauseAfter_WhateverTheJitter_StaysWithinATenth() =>
        Gen.Select(Gen.Int[1, 100], Gen.Double[0, 1]).Sample((checkBacks, random) =>
        {
            var middle = CheckBackSchedule.PauseAfter(checkBacks, Options, 0.5).TotalSeconds;
            CheckBackSchedule.PauseAfter(checkBacks, Options, random).TotalSeconds.Should().BeInRange(middle * 0.9 - 1e-6, middle * 1.1 + 1e-6);
        });

    [TestCase(CheckBackAnswer.Unknown, 13, MessageState.Prepared)]
    [TestCase(CheckBackAnswer.Unknown, 14, MessageState.Parked)]
    [TestCase(CheckBackAnswer.Unreachable, 14, MessageState.Prepared)]
    [TestCase(CheckBackAnswer.Unreachable, 0, MessageState.Prepared)]
    public void StateAfter_AnAnswer_CountsOnlyUnknown(CheckBackAnswer answer, int before, MessageState after) =>
        StateAfter(answer, before, TimeSpan.FromHours(1)).Should().Be(after);

    [TestCase(CheckBackAnswer.Unreachable)]
    [TestCase(CheckBackAnswer.Unknown)]
    public void StateAfter_TheTimeToGiveUp_Parks(CheckBackAnswer answer)
    {
        StateAfter(answer, 0, TimeSpan.FromHours(72) - TimeSpan.FromMilliseconds(1)).Should().Be(MessageState.Prepared);
        StateAfter(answer, 0, TimeSpan.FromHours(72)).Should().Be(MessageState.Parked);
    }

    [Test]
    public void StateAfter_WithLimitsOfTheProducersOwn_ObeysThem()
    {
        var producer = Preparing.Shop with { MaxUnknownAnswers = 1, GiveUpAfter = TimeSpan.FromSeconds(5) };

        StateAfter(CheckBackAnswer.Unknown, 0, TimeSpan.FromSeconds(1), producer).Should().Be(MessageState.Parked);
        StateAfter(CheckBackAnswer.Unreachable, 0, TimeSpan.FromSeconds(4.999), producer).Should().Be(MessageState.Prepared);
        StateAfter(CheckBackAnswer.Unreachable, 0, TimeSpan.FromSeconds(5), producer).Should().Be(MessageState.Parked);
    }

    [TestCase(30, 60, 30)]
    [TestCase(30, 12, 12)]
    public void NextAfter_ThePause_IsNoLaterThanWhenTimeRunsOut(double pause, double giveUpAfter, double next)
    {
        var producer = Preparing.Shop with { GiveUpAfter = TimeSpan.FromSeconds(giveUpAfter) };
        var at = Prepared.ToUnixTimeMilliseconds();
        var message = new OverdueMessage { PreparedAt = at };

        (CheckBackSchedule.NextAfter(message, producer, Options, Prepared.AddSeconds(pause)) - at).Should().Be((long)(next * 1000));
    }

    [Test]
    public void StateAfter_OfAParkedMessage_LeavesItParked() =>
        CheckBackSchedule.StateAfter(Message(0, MessageState.Parked), CheckBackAnswer.Unknown, null, Options, Prepared).Should().Be(MessageState.Parked);

    private static MessageState StateAfter(CheckBackAnswer answer, int unknownAnswers, TimeSpan waited, Producer? producer = null) =>
        CheckBackSchedule.StateAfter(Message(unknownAnswers), answer, producer, Options, Prepared + waited);

    private static OverdueMessage Message(int unknownAnswers, MessageState state = MessageState.Prepared) =>
        new() { PreparedAt = Prepared.ToUnixTimeMilliseconds(), UnknownAnswers = unknownAnswers, State = (int)state };
}
