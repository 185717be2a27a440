using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Observability;

namespace TxMsg.Server.Tests.Observability;

public sealed class LogThrottleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider time = new();

    [Test]
    public void TryTake_TheFirstTime_SaysSoAtOnce()
    {
        var throttle = new LogThrottle(Interval, time);

        throttle.TryTake(out var count, 7).Should().BeTrue();

        count.Should().Be(7);
    }

    [Test]
    public void TryTake_AfterTheInterval_CountsWhatWasNotSaid()
    {
        var throttle = new LogThrottle(Interval, time);
        throttle.TryTake(out _);
        throttle.TryTake(out _).Should().BeFalse();
        time.Advance(Interval - TimeSpan.FromMilliseconds(1));
        throttle.TryTake(out _, 3).Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));

        throttle.TryTake(out var count).Should().BeTrue();

        count.Should().Be(5, "one, three and this one");
    }
}
