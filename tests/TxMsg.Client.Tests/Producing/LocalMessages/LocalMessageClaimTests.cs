using FluentAssertions;
using NUnit.Framework;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Local;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>How much a relay sends at once, and what it does with what cannot be sent within one try.</summary>
public sealed class LocalMessageClaimTests(SqlDialect dialect) : LocalMessageFixture(dialect)
{
    [Test]
    public async Task LargeMessages_AreSplitOverClaims()
    {
        AllowPayloadsOf(3 * 1024 * 1024);
        for (var i = 0; i < 5; i++) await EnqueueAsync(new Message("t", new byte[3 * 1024 * 1024]));
        await DrainAsync(NewRelay());
        Coordinator.Requests.Should().Equal(3, 2);
        Coordinator.Arrived.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task ClaimThatIsTooMuchForOneTry_IsFollowedBySmallerOnes_WhichGrowAgain()
    {
        for (var i = 0; i < 40; i++) await EnqueueAsync();
        var tried = FailAbove(12);
        var relay = NewRelay(options => options.BatchSize = 50);
        await PassEachSecondAsync(relay, 8);
        tried.Should().Equal(40, 20, 10, 13, 6, 9, 12, 3);
        Coordinator.Taken.Should().HaveCount(40);

        Coordinator.Before = null;
        for (var i = 0; i < 100; i++) await EnqueueAsync();
        await DrainAsync(relay);
        Coordinator.Requests.Skip(5).Should().Equal(18, 21, 24, 27, 10);
    }

    [Test]
    public async Task MessageThatFailsAlone_HoldsBackItsOrderingKeyOnly_AndIsTriedWithoutEnd()
    {
        var (large, next) = (await EnqueueAsync("a"), await EnqueueAsync("a"));
        var others = new[] { await EnqueueAsync("b"), await EnqueueAsync(), await EnqueueAsync("b") };
        Coordinator.Before = (messages, _) => messages.Any(message => message.Id == large.Id) ? throw new CoordinatorUnavailableException("no answer in time") : Task.CompletedTask;
        var relay = NewRelay(options => options.MaxFailures = 1);
        await PassEachSecondAsync(relay, 10);
        Coordinator.TakenIds.Should().BeEquivalentTo(others.Select(message => message.Id));
        (await FailuresOfAsync(large)).Should().Be(0);

        Coordinator.Before = null;
        await PassEachSecondAsync(relay, 60);
        Coordinator.TakenIds.Skip(3).Should().Equal(large.Id, next.Id);
    }

    [Test]
    public async Task MessageThatFailedAlone_IsTriedAlone_WhateverStandsBesideIt()
    {
        var large = await EnqueueAsync();
        var failed = new List<int>();
        Coordinator.Before = (messages, _) =>
        {
            if (messages.All(message => message.Id != large.Id)) return Task.CompletedTask;
            failed.Add(messages.Count);
            throw new CoordinatorUnavailableException("no answer in time");
        };
        var relay = NewRelay();
        for (var i = 0; i < 5; i++)
        {
            await DrainAsync(relay);
            for (var j = 0; j < 30; j++) await EnqueueAsync();
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        await DrainAsync(relay);
        Coordinator.Taken.Should().HaveCount(150);
        failed.Should().Equal(1, 1, 1, 1, 1, 1);
    }

    // What each request had that was tried.
    private List<int> FailAbove(int most)
    {
        var tried = new List<int>();
        Coordinator.Before = (messages, _) =>
        {
            tried.Add(messages.Count);
            return messages.Count > most ? throw new CoordinatorUnavailableException("no answer in time") : Task.CompletedTask;
        };
        return tried;
    }
}
