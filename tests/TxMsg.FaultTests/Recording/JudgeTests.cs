namespace TxMsg.FaultTests.Recording;

/// <summary>Each planted violation must be seen: a judge that cannot complain proves nothing.</summary>
public sealed class JudgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<Guid, string> states = [];
    private readonly HashSet<(byte, Guid)> deadLetters = [];
    private readonly Dictionary<(byte, Guid), int> attempts = [];
    private Recorder recorder = null!;

    [SetUp]
    public void Begin()
    {
        recorder = new Recorder();
        recorder.Subscribe(Topics.Orders, Topics.Billing, Topics.Points);
        recorder.Subscribe(Topics.Stock, Topics.Warehouse);
        states.Clear();
        deadLetters.Clear();
        attempts.Clear();
        // Something that is right, so that only what is planted is wrong.
        Arrive(Stored(Truth.MustArrive), Topics.Billing, Topics.Points);
    }

    [Test]
    public void WhatIsRight_IsNotComplainedOf()
    {
        Stored(Truth.MustNotArrive);
        var dead = Stored(Truth.MustArrive);
        Arrive(dead, Topics.Billing);
        deadLetters.Add((Topics.Points, dead.Id));

        var row = Judged();

        row.Violations.Should().BeEmpty();
        row.Should().BeEquivalentTo(new { Acknowledged = 2, Delivered = 2, DeadLettered = 1, Lost = 0, Unexpected = 0, Duplicated = 0 });
    }

    [Test]
    public void I1_WhatDidNotArriveEverywhere_IsLost()
    {
        Arrive(Stored(Truth.MustArrive), Topics.Billing);

        ShouldComplain("I1: lost").Lost.Should().Be(1);
    }

    [Test]
    public void I1_WhatArrivedButWasNotAcknowledged_IsLost()
    {
        var message = Stored(Truth.MustArrive);
        Arrive(message, Topics.Billing);
        message.Add(new Arrival(Topics.Points, 1, Answered: false, Start.UtcTicks));

        ShouldComplain("I1: lost").Lost.Should().Be(1);
    }

    [Test]
    public void I1_WhatWasAcknowledgedAndIsNotStored_IsSeen()
    {
        var message = Stored(Truth.MustNotArrive);
        states.Remove(message.Id);

        ShouldComplain("I1: acknowledged, and not in the store");
    }

    [Test]
    public void I2_WhatWasRolledBackAndArrived_IsUnexpected()
    {
        Arrive(Stored(Truth.MustNotArrive), Topics.Billing);

        ShouldComplain("I2: delivered unexpectedly").Unexpected.Should().Be(1);
    }

    [Test]
    public void I2_WhatArrivedAtAStranger_IsUnexpected()
    {
        Arrive(Stored(Truth.MustArrive), Topics.Billing, Topics.Points, Topics.Warehouse);

        ShouldComplain("I2: delivered unexpectedly").Unexpected.Should().Be(1);
    }

    [Test]
    public void I2_WhatIsStoredAndWasNeverSent_IsSeen()
    {
        states[Guid.CreateVersion7()] = MessageStates.Prepared;

        ShouldComplain("was never sent");
    }

    [TestCase(MessageStates.RolledBack, nameof(Truth.MustArrive))]
    [TestCase(MessageStates.Prepared, nameof(Truth.MustArrive))]
    [TestCase(MessageStates.Committed, nameof(Truth.MustNotArrive))]
    public void I3_AnotherVerdictThanTheProducers_IsSeen(string stored, string truth)
    {
        var message = Stored(Enum.Parse<Truth>(truth));
        if (message.Truth == Truth.MustArrive) Arrive(message, Topics.Billing, Topics.Points);
        states[message.Id] = stored;

        ShouldComplain($"is stored as {stored}");
    }

    [Test]
    public void I4_ADuplicateWithoutAStrike_HasNoExcuse()
    {
        var message = Twice();

        ShouldComplain($"I4: delivered again for no reason: 1, such as {message.Id}").Duplicated.Should().Be(1);
    }

    [Test]
    public void I4_ADuplicateAfterAStrike_IsExcused()
    {
        recorder.Strike(Start.AddSeconds(2));
        Twice();

        Judged().Violations.Should().BeEmpty();
    }

    [Test]
    public void I4_ADuplicateLongAfterAStrike_HasNoExcuse()
    {
        recorder.Strike(Start.AddMinutes(-1));
        Twice();

        ShouldComplain("I4: delivered again for no reason");
    }

    [Test]
    public void I4_ADuplicateOfAnAnswerThatDidNotCount_IsExcused()
    {
        var message = Stored(Truth.MustArrive);
        message.Add(new Arrival(Topics.Billing, 1, Answered: false, Start.UtcTicks));
        Arrive(message, Topics.Billing, Topics.Points);

        Judged().Violations.Should().BeEmpty();
    }

    [TestCase(0)]
    [TestCase(2)]
    public void I8_AnAttemptTooFewOrTooMany_IsSeen(int logged)
    {
        var message = Stored(Truth.MustArrive);
        Arrive(message, Topics.Billing, Topics.Points);
        attempts[(Topics.Billing, message.Id)] = logged;
        attempts[(Topics.Points, message.Id)] = 1;

        ShouldComplain($"I8: {message.Id} reached billing 1 times, and its log says {logged}");
    }

    [Test]
    public void I8_AnAttemptThatWasNeverSent_IsSeenEvenAfterAStrike()
    {
        recorder.Strike();
        var message = Stored(Truth.MustArrive);
        Arrive(message, Topics.Billing, Topics.Points);
        attempts[(Topics.Billing, message.Id)] = 2;

        ShouldComplain("I8: ");
    }

    [Test]
    public void Order_OfAnOrderingKeyThatIsTurnedRound_IsSeen()
    {
        foreach (var (place, second) in new[] { (1, 5), (2, 4), (3, 6) })
        {
            var message = recorder.Begin(Topics.Stock, orderingKey: "shelf", place: place);
            message.IsStored = true;
            message.Decide(Truth.MustArrive);
            states[message.Id] = MessageStates.Committed;
            message.Add(new Arrival(Topics.Warehouse, 1, Answered: true, Start.AddSeconds(second).UtcTicks));
        }

        ShouldComplain("order: shelf arrived as 2 1 3");
    }

    [Test]
    public void AnOpenTransaction_IsTheTestsOwnFault()
    {
        recorder.Begin(Topics.Orders);

        ShouldComplain("left open by the test");
    }

    [Test]
    public void NothingAcknowledged_ShowsNothing()
    {
        recorder = new Recorder();
        states.Clear();

        ShouldComplain("nothing was acknowledged");
    }

    [Test]
    public void WhatWasSeenAtOnce_IsNotForgotten()
    {
        recorder.Violate($"a call is not signed");

        ShouldComplain("a call is not signed");
    }

    private MessageRecord Stored(Truth truth)
    {
        var message = recorder.Begin(Topics.Orders);
        message.IsStored = true;
        message.Decide(truth);
        states[message.Id] = truth == Truth.MustArrive ? MessageStates.Committed : MessageStates.RolledBack;
        return message;
    }

    private static void Arrive(MessageRecord message, params byte[] consumers)
    {
        foreach (var consumer in consumers) message.Add(new Arrival(consumer, 1, Answered: true, Start.AddSeconds(1).UtcTicks));
    }

    private MessageRecord Twice()
    {
        var message = Stored(Truth.MustArrive);
        Arrive(message, Topics.Billing, Topics.Points);
        message.Add(new Arrival(Topics.Billing, 1, Answered: true, Start.AddSeconds(5).UtcTicks));
        return message;
    }

    private FaultRow Judged() =>
        new RecordJudge(recorder, new CoordinatorView { States = states, DeadLetters = deadLetters, Attempts = attempts }).Judge(new FaultRow(FaultList.All[0], 1));

    private FaultRow ShouldComplain(string of)
    {
        var row = Judged();
        row.Violations.Should().ContainSingle(violation => violation.Contains(of));
        row.Holds.Should().BeFalse();
        return row;
    }
}
