using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Deliveries;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class EndpointBackoffTests
{
    private static readonly double[] Schedule = [10, 30, 120];
    private readonly DateTimeOffset start = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);
    private EndpointBackoff backoff = null!;

    [SetUp]
    public void Make() => backoff = new EndpointBackoff();

    [Test]
    public void Failed_BelowTheThreshold_LeavesItClosed()
    {
        for (var i = 1; i < EndpointBackoff.Threshold; i++) backoff.Failed(start, Schedule, Guid.NewGuid()).Should().BeFalse();

        backoff.IsOpen(start).Should().BeFalse();
    }

    [Test]
    public void Failed_AtTheThreshold_OpensForTheFirstPause()
    {
        Open();

        backoff.Until.Should().Be(start.AddSeconds(10));
        backoff.IsOpen(start.AddSeconds(10).AddTicks(-1)).Should().BeTrue();
        backoff.IsOpen(start.AddSeconds(10)).Should().BeFalse();
    }

    [Test]
    public void Failed_WhileOpen_ChangesNothing()
    {
        Open();
        for (var i = 0; i < 50; i++) backoff.Failed(start.AddSeconds(5), Schedule, Guid.NewGuid()).Should().BeFalse();

        backoff.Until.Should().Be(start.AddSeconds(10));
    }

    [Test]
    public void Failed_AfterEachPause_OpensLongerUpToAMinute()
    {
        Open();
        foreach (var seconds in (int[])[30, 60, 60])
        {
            var now = backoff.Until;
            backoff.Failed(now, Schedule, Guid.NewGuid()).Should().BeTrue();
            backoff.Until.Should().Be(now.AddSeconds(seconds));
        }
    }

    [Test]
    public void Succeeded_AtAnyTime_BeginsAnew()
    {
        Open();
        backoff.Succeeded();

        backoff.IsOpen(start).Should().BeFalse();
        for (var i = 1; i < EndpointBackoff.Threshold; i++) backoff.Failed(start, Schedule, Guid.NewGuid()).Should().BeFalse();
        backoff.Failed(start, Schedule, Guid.NewGuid()).Should().BeTrue();
        backoff.Until.Should().Be(start.AddSeconds(10));
    }

    [Test]
    public void Failed_WithoutASchedule_PausesForASecond()
    {
        for (var i = 0; i < EndpointBackoff.Threshold; i++) backoff.Failed(start, [], Guid.NewGuid());

        backoff.Until.Should().Be(start.AddSeconds(1));
    }

    [Test]
    public void Failed_OfOneMessageAlone_HoldsBackNothingElse()
    {
        var message = Guid.NewGuid();
        for (var i = 0; i < 3 * EndpointBackoff.Threshold; i++) backoff.Failed(start, Schedule, message).Should().BeFalse();
        backoff.IsOpen(start).Should().BeFalse();

        backoff.Failed(start, Schedule, Guid.NewGuid()).Should().BeTrue("it is not that message");
    }

    [Test]
    public void Failed_WithATimeThatTheEndpointNamed_OpensForThatTimeAgainAndAgain()
    {
        for (var i = 1; i < EndpointBackoff.Threshold; i++) backoff.Failed(start, Schedule, Guid.NewGuid(), TimeSpan.FromSeconds(5));
        var now = start;
        for (var i = 0; i < 4; i++)
        {
            backoff.Failed(now, Schedule, Guid.NewGuid(), TimeSpan.FromSeconds(5)).Should().BeTrue();
            backoff.OpenedUntil.Should().Be(now.AddSeconds(5));
            now = backoff.Until;
        }

        backoff.Failed(now, Schedule, Guid.NewGuid(), TimeSpan.FromHours(1)).Should().BeTrue();
        backoff.Until.Should().Be(now.AddMinutes(1));
    }

    private void Open()
    {
        for (var i = 1; i < EndpointBackoff.Threshold; i++) backoff.Failed(start, Schedule, Guid.NewGuid());
        backoff.Failed(start, Schedule, Guid.NewGuid()).Should().BeTrue();
    }
}
