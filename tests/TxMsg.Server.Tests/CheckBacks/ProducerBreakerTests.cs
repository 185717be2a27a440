using FluentAssertions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.CheckBacks;

namespace TxMsg.Server.Tests.CheckBacks;

public sealed class ProducerBreakerTests
{
    private readonly FakeTimeProvider time = new();
    private ProducerBreaker breaker = null!;

    [SetUp]
    public void Make() => breaker = new ProducerBreaker(Options.Create(new CheckBackOptions()), time);

    [Test]
    public void Note_BelowTheThreshold_StaysClosed()
    {
        Fail(ProducerBreaker.Threshold - 1);

        breaker.IsOpen(1).Should().BeFalse();
        breaker.IsHalfOpen(1).Should().BeFalse();
    }

    [TestCase(CheckBackAnswer.Commit)]
    [TestCase(CheckBackAnswer.Rollback)]
    [TestCase(CheckBackAnswer.Unknown)]
    public void Note_OfAnAnswer_BeginsTheCountAnew(CheckBackAnswer answer)
    {
        Fail(ProducerBreaker.Threshold - 1);
        breaker.Note(1, answer);
        Fail(ProducerBreaker.Threshold - 1);

        breaker.IsOpen(1).Should().BeFalse();
    }

    [Test]
    public void Note_OfTheThreshold_OpensForTheShortestPauseAndThisProducerOnly()
    {
        Fail(ProducerBreaker.Threshold);

        breaker.IsOpen(1).Should().BeTrue();
        breaker.IsOpen(2).Should().BeFalse();
        breaker.OpenUntil(1).Should().Be(time.GetUtcNow() + TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        breaker.IsOpen(1).Should().BeTrue();
        time.Advance(TimeSpan.FromMilliseconds(1));
        breaker.IsOpen(1).Should().BeFalse();
        breaker.IsHalfOpen(1).Should().BeTrue();
    }

    [Test]
    public void Note_OfFailuresWhileOpen_ChangesNothing()
    {
        Fail(ProducerBreaker.Threshold);
        var until = breaker.OpenUntil(1);
        time.Advance(TimeSpan.FromSeconds(1));
        Fail(100);

        breaker.OpenUntil(1).Should().Be(until);
    }

    [Test]
    public void Note_OfAFailureWhileHalfOpen_OpensTwiceAsLongUpToTheCap()
    {
        Fail(ProducerBreaker.Threshold);
        foreach (var seconds in (int[])[60, 120, 240, 480, 600, 600])
        {
            time.SetUtcNow(breaker.OpenUntil(1));
            Fail(1);
            breaker.OpenUntil(1).Should().Be(time.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        }
    }

    [Test]
    public void Note_OfAnAnswerWhileHalfOpen_Closes()
    {
        Fail(ProducerBreaker.Threshold);
        time.Advance(TimeSpan.FromMinutes(1));
        breaker.Note(1, CheckBackAnswer.Unknown);

        breaker.IsHalfOpen(1).Should().BeFalse();
        Fail(ProducerBreaker.Threshold - 1);
        breaker.IsOpen(1).Should().BeFalse();
    }

    [Test]
    public void Note_FromManyThreads_CountsEachFailure()
    {
        Parallel.For(0, ProducerBreaker.Threshold, _ => breaker.Note(1, CheckBackAnswer.Unreachable));

        breaker.IsOpen(1).Should().BeTrue();
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++) breaker.Note(1, CheckBackAnswer.Unreachable);
    }
}
