using CsCheck;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Deliveries;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class RetryScheduleTests
{
    private static readonly IReadOnlyList<double> Default = new DeliveryOptions().Schedule;

    [Test]
    public void Default_AsTheDesignHasIt_IsSixteenRetries() =>
        Default.Should().Equal(10, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 1200, 1800, 3600, 7200);

    [Test]
    public void DelayAfter_EachAttempt_FollowsTheScheduleAndEnds()
    {
        for (var attempts = 1; attempts <= Default.Count; attempts++)
            RetrySchedule.DelayAfter(Default, attempts, null, 0.5)!.Value.TotalSeconds.Should().BeApproximately(Default[attempts - 1], 0.001);
        RetrySchedule.DelayAfter(Default, Default.Count + 1, null, 0.5).Should().BeNull();
        RetrySchedule.DelayAfter([], 1, null, 0.5).Should().BeNull();
    }

    [Test]
    public void DelayAfter_WhateverTheJitter_StaysWithinATenth() =>
        Gen.Select(Gen.Int[1, 16], Gen.Double[0, 1]).Sample((attempts, random) =>
            RetrySchedule.DelayAfter(Default, attempts, null, random)!.Value.TotalSeconds
                .Should().BeInRange(Default[attempts - 1] * 0.9 - 1e-6, Default[attempts - 1] * 1.1 + 1e-6));

    [TestCase(5, 5)]
    [TestCase(3600, 3600)]
    [TestCase(3601, 3600)]
    [TestCase(1e9, 3600)]
    public void DelayAfter_WithRetryAfter_ObeysItUpToAnHour(double asked, double seconds) =>
        RetrySchedule.DelayAfter(Default, 1, TimeSpan.FromSeconds(asked), 1).Should().Be(TimeSpan.FromSeconds(seconds));

    [TestCase(0, 0, 1)]
    [TestCase(0, 0.5, 1.5)]
    [TestCase(0.9, 0, 1)]
    [TestCase(1, 0.5, 1)]
    public void DelayAfter_WithRetryAfterAtOnce_WaitsASecondOrTwo(double asked, double random, double seconds) =>
        RetrySchedule.DelayAfter(Default, 1, TimeSpan.FromSeconds(asked), random).Should().Be(TimeSpan.FromSeconds(seconds));

    [Test]
    public void DelayAfter_TheLastAttempt_IsNoRetryWhateverWasAsked() => RetrySchedule.DelayAfter([1], 2, TimeSpan.FromSeconds(1), 0).Should().BeNull();
}
