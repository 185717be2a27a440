using Microsoft.Extensions.Logging.Abstractions;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.Tests.Hosting;

public sealed class SteadyClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Wall wall = new();

    [Test]
    public void WithoutLeaps_ItIsTheWallClock()
    {
        var clock = new SteadyClock(wall, NullLogger<SteadyClock>.Instance);

        for (var second = 0; second < 10; second++)
        {
            wall.Pass(Second, setBy: TimeSpan.FromMilliseconds(5));
            clock.GetUtcNow().Should().Be(wall.GetUtcNow());
        }
    }

    [TestCase(1)]
    [TestCase(-1)]
    [TestCase(24 * 365)]
    [TestCase(-24 * 365)]
    public void ALeap_IsNotFollowed_ButClosedInOn(int hours)
    {
        var clock = new SteadyClock(wall, NullLogger<SteadyClock>.Instance);
        var before = clock.GetUtcNow();

        wall.Pass(Second, setBy: TimeSpan.FromHours(hours));
        var after = clock.GetUtcNow();

        (after - before - Second).Duration().Should().BeLessThanOrEqualTo(Second / 10);
        var distance = (wall.GetUtcNow() - after).Duration();
        wall.Pass(TimeSpan.FromMinutes(1), setBy: TimeSpan.Zero);
        (wall.GetUtcNow() - clock.GetUtcNow()).Duration().Should().Be(distance - TimeSpan.FromSeconds(6));
    }

    [Test]
    public void AClockThatComesBack_LeavesNothingBehind()
    {
        var clock = new SteadyClock(wall, NullLogger<SteadyClock>.Instance);
        wall.Pass(Second, setBy: TimeSpan.FromDays(365));
        clock.GetUtcNow();

        wall.Pass(Second, setBy: TimeSpan.FromDays(-365));

        (clock.GetUtcNow() - wall.GetUtcNow()).Duration().Should().BeLessThan(Second);
    }

    [Test]
    public void AnHour_IsMadeGoodInTenHours_WithoutEverGoingBack()
    {
        var clock = new SteadyClock(wall, NullLogger<SteadyClock>.Instance);
        wall.Pass(Second, setBy: TimeSpan.FromHours(-1));
        var last = clock.GetUtcNow();
        for (var minute = 0; minute < 601; minute++)
        {
            wall.Pass(TimeSpan.FromMinutes(1), setBy: TimeSpan.Zero);
            clock.GetUtcNow().Should().BeAfter(last);
            last = clock.GetUtcNow();
        }

        last.Should().Be(wall.GetUtcNow());
    }

    [Test]
    public void TheWall_IsAtHand_ForWhatOthersCompare()
    {
        var clock = new SteadyClock(wall, NullLogger<SteadyClock>.Instance);
        wall.Pass(Second, setBy: TimeSpan.FromHours(1));

        SteadyClock.WallOf(clock).GetUtcNow().Should().Be(wall.GetUtcNow());
        SteadyClock.WallOf(wall).Should().BeSameAs(wall);
    }

    // Time that passes, and a clock that is set.
}
