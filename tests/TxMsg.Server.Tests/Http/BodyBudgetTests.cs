using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Http;

namespace TxMsg.Server.Tests.Http;

public sealed class BodyBudgetTests
{
    private const long MiB = 1024 * 1024;

    private readonly BodyBudget budget = new(64 * MiB);

    [Test]
    public void TryTake_PastTheTotal_FindsRoomAgainWhenSomeIsGivenBack()
    {
        using var first = budget.TryTake(30 * MiB);
        var second = budget.TryTake(30 * MiB);
        budget.TryTake(30 * MiB).Should().BeNull();
        budget.TryTake(5 * MiB).Should().BeNull();

        second!.Dispose();
        second.Dispose();

        using var third = budget.TryTake(30 * MiB);
        third.Should().NotBeNull();
        budget.TryTake(5 * MiB).Should().BeNull("what is given back twice counts once");
    }

    [Test]
    public void TryGrow_PastTheTotal_LeavesTheRoomAsItWas()
    {
        using var room = budget.TryTake(10 * MiB)!;
        using var other = budget.TryTake(40 * MiB);

        room.TryGrow(25 * MiB).Should().BeFalse();
        room.TryGrow(24 * MiB).Should().BeTrue("what it has counts once");

        budget.TryTake(2 * MiB).Should().BeNull();
        room.Dispose();
        using var next = budget.TryTake(24 * MiB);
        next.Should().NotBeNull();
    }

    [Test]
    public void TryTake_OfASmallBody_AlwaysFindsRoom()
    {
        using var all = budget.TryTake(64 * MiB);
        for (var i = 0; i < 200; i++) budget.TryTake(MiB).Should().NotBeNull();
    }

    [Test]
    public void TryTake_OfMoreThanThereIs_FindsRoomWhenItIsAlone()
    {
        using (budget.TryTake(65 * MiB)) budget.TryTake(2 * MiB).Should().BeNull();
        using var alone = budget.TryTake(1000 * MiB);
        alone.Should().NotBeNull();
    }
}
