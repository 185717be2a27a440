using Dapper;
using FluentAssertions;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using TxMsg.Client.Coordinator;
using TxMsg.Client.Local;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>What a relay does when messages are refused or the coordinator is not there.</summary>
public sealed class LocalMessageRelayTests(SqlDialect dialect) : LocalMessageFixture(dialect)
{
    [Test]
    public async Task Messages_GoInBatches_TheOldestFirst()
    {
        var messages = new List<Message>();
        for (var i = 0; i < 7; i++) messages.Add(await EnqueueAsync());
        await DrainAsync(NewRelay(options => options.BatchSize = 3));
        Coordinator.TakenIds.Should().Equal(messages.Select(message => message.Id));
        Coordinator.Requests.Should().Equal(3, 3, 1);
    }

    [Test]
    public async Task RefusedMessage_HoldsBackItsOrderingKeyOnly()
    {
        var first = await EnqueueAsync("a");
        var second = await EnqueueAsync("a");
        var other = await EnqueueAsync("b");
        var unordered = await EnqueueAsync();
        Coordinator.Refused[first.Id] = 400;
        var relay = NewRelay();

        await DrainAsync(relay);
        Coordinator.TakenIds.Should().BeEquivalentTo([other.Id, unordered.Id]);
        Coordinator.Arrived.Should().NotContain(second.Id);

        Coordinator.Refused.Clear();
        Time.Advance(TimeSpan.FromMinutes(1));
        await DrainAsync(relay);
        Coordinator.TakenIds.Where(id => id == first.Id || id == second.Id).Should().Equal(first.Id, second.Id);
    }

    [Test]
    public async Task RefusedMessage_WaitsTwiceAsLongEachTime_UpToTheMost()
    {
        var message = await EnqueueAsync();
        Coordinator.Refused[message.Id] = 422;
        var relay = NewRelay(options => (options.MinBackoff, options.MaxBackoff) = (TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(32)));
        await DrainAsync(relay);
        foreach (var most in new[] { 8, 16, 32, 32, 32 })
        {
            var arrived = Coordinator.Arrived.Count;
            Time.Advance(TimeSpan.FromSeconds(most / 2.0 - 0.1));
            await DrainAsync(relay);
            Coordinator.Arrived.Should().HaveCount(arrived, "the jitter takes off at most a half of {0} s", most);
            Time.Advance(TimeSpan.FromSeconds(most / 2.0 + 0.1));
            await DrainAsync(relay);
            Coordinator.Arrived.Should().HaveCount(arrived + 1, "it waits {0} s at most", most);
        }

        Log.Count(7202).Should().Be(6);
    }

    [Test]
    public async Task MessageRefusedTooOften_IsStuck_AndAPersonIsToldOnce()
    {
        var told = new List<StuckLocalMessage>();
        var (message, next) = (await EnqueueAsync(new Message("orders", default) { Key = "7", OrderingKey = "a" }), await EnqueueAsync("a"));
        var enqueuedAt = Time.GetUtcNow();
        await RefuseUntilStuckAsync(message, options => options.OnStuck = (stuck, _) =>
        {
            told.Add(stuck);
            return Task.CompletedTask;
        });

        told.Should().ContainSingle().Which.Should().Be(new StuckLocalMessage(message.Id, "orders", "7", "a", enqueuedAt, 10, 409, "409: refused by the test"));
        (Log.Count(7201), Log.LevelOf(7201)).Should().Be((1, LogLevel.Error));
        Coordinator.Arrived.Should().HaveCount(10).And.NotContain(next.Id);
        (await StateOfAsync(message)).Should().Be(Failed);
        await using var connection = await Database.OpenAsync();
        (await Table.ListStuckAsync(connection)).Should().Equal(told);
    }

    [Test]
    public async Task WhatOnStuckThrows_IsLogged_AndStopsNothing()
    {
        var message = await EnqueueAsync();
        await RefuseUntilStuckAsync(message, options => options.OnStuck = (_, _) => throw new InvalidOperationException("no pager"));
        Log.Count(7209).Should().Be(1);
        (await StateOfAsync(message)).Should().Be(Failed);
    }

    [Test]
    public async Task StuckMessage_Retried_IsSentWithWhatItHeldBackAfterIt()
    {
        var (message, next) = (await EnqueueAsync("a"), await EnqueueAsync("a"));
        var relay = await RefuseUntilStuckAsync(message);
        Coordinator.Refused.Clear();
        await using var connection = await Database.OpenAsync();
        (await Table.RetryAsync(connection, message.Id)).Should().BeTrue();
        (await Table.RetryAsync(connection, message.Id)).Should().BeFalse("it is no longer stuck");
        (await FailuresOfAsync(message)).Should().Be(0);
        await DrainAsync(relay);
        Coordinator.TakenIds.Should().Equal(message.Id, next.Id);
        (await Table.ListStuckAsync(connection)).Should().BeEmpty();
    }

    [Test]
    public async Task StuckMessage_Discarded_IsNeverSent_AndHoldsBackNothing()
    {
        var (message, next) = (await EnqueueAsync("a"), await EnqueueAsync("a"));
        var relay = await RefuseUntilStuckAsync(message);
        Coordinator.Refused.Clear();
        await using var connection = await Database.OpenAsync();
        (await Table.DiscardAsync(connection, next.Id, "not this one")).Should().BeFalse("it is not stuck");
        (await Table.DiscardAsync(connection, message.Id, "sold twice")).Should().BeTrue();
        await DrainAsync(relay);
        Coordinator.TakenIds.Should().Equal(next.Id);
        (await ReadAsync(message, row => (string)row.reason)).Should().Be("sold twice");
    }

    [Test]
    public async Task CoordinatorThatIsDown_CountsAgainstNoMessage_AndIsTriedWithoutEnd()
    {
        var message = await EnqueueAsync("a");
        Coordinator.IsDown = true;
        var relay = NewRelay(options => options.MaxFailures = 2);
        for (var i = 0; i < 20; i++)
        {
            (await relay.RunOnceAsync(CancellationToken.None)).IsUnavailable.Should().BeTrue();
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        (await StateOfAsync(message)).Should().Be(Sending);
        (await FailuresOfAsync(message)).Should().Be(0);
        Log.Count(7203).Should().Be(1, "it is said once");

        Coordinator.IsDown = false;
        await DrainAsync(relay);
        (await StateOfAsync(message)).Should().Be(Sent);
        Log.Count(7204).Should().Be(1);
    }

    [Test]
    public async Task MessageThatWaitsTooLong_RaisesOneAlarm_WhichClearsOnce()
    {
        await EnqueueAsync();
        Coordinator.IsDown = true;
        var relay = NewRelay(options => options.AlarmAfter = TimeSpan.FromMinutes(2));
        await PassEachSecondAsync(relay, 110);
        Log.Count(7205).Should().Be(0);
        await PassEachSecondAsync(relay, 30);
        (Log.Count(7205), Log.LevelOf(7205), Log.Count(7206)).Should().Be((1, LogLevel.Error, 0));
        Coordinator.IsDown = false;
        await PassEachSecondAsync(relay, 70);
        (Log.Count(7205), Log.Count(7206)).Should().Be((1, 1));
    }

    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(503)]
    public async Task RefusalThatIsNoFaultOfTheMessage_DoesNotCount(int status)
    {
        var message = await EnqueueAsync();
        Coordinator.Before = (_, _) => throw new CoordinatorRefusedException(status, "no");
        var relay = NewRelay(options => options.MaxFailures = 1);
        (await relay.RunOnceAsync(CancellationToken.None)).IsUnavailable.Should().BeTrue();
        (await FailuresOfAsync(message)).Should().Be(0);
        (await StateOfAsync(message)).Should().Be(Sending);
    }

    [Test]
    public async Task ProducerThatIsNotRegisteredYet_CountsAgainstNoMessage()
    {
        var messages = new[] { await EnqueueAsync("a"), await EnqueueAsync("a"), await EnqueueAsync() };
        Coordinator.KnowsTheProducer = false;
        var relay = NewRelay(options => options.MaxFailures = 2);
        for (var i = 0; i < 5; i++) (await relay.RunOnceAsync(CancellationToken.None)).IsUnavailable.Should().BeTrue();
        foreach (var message in messages) (await FailuresOfAsync(message)).Should().Be(0);

        Coordinator.KnowsTheProducer = true;
        await DrainAsync(relay);
        Coordinator.TakenIds.Should().BeEquivalentTo(messages.Select(message => message.Id));
    }

    [Test]
    public async Task RequestThatIsRefusedAsAWhole_ForTheProducer_IsNotRepeatedMessageByMessage()
    {
        var messages = new[] { await EnqueueAsync(), await EnqueueAsync() };
        var requests = 0;
        Coordinator.Before = (_, _) =>
        {
            requests++;
            throw new CoordinatorRefusedException(400, "no", new Dictionary<string, string[]> { ["producer"] = ["There is no producer shop."] });
        };
        (await NewRelay().RunOnceAsync(CancellationToken.None)).IsUnavailable.Should().BeTrue();
        requests.Should().Be(1);
        foreach (var message in messages) (await FailuresOfAsync(message)).Should().Be(0);
    }

    [Test]
    public async Task RequestThatIsRefusedForOneMessage_IsRepeatedMessageByMessage()
    {
        var (good, large, fine) = (await EnqueueAsync(), await EnqueueAsync(), await EnqueueAsync());
        Coordinator.Before = (messages, _) => messages.Any(message => message.Id == large.Id) ? throw new CoordinatorRefusedException(413, "too large") : Task.CompletedTask;
        (await NewRelay().RunOnceAsync(CancellationToken.None)).Should().Be(new PassResult(3, 2, 1, false));
        Coordinator.TakenIds.Should().Equal(good.Id, fine.Id);
        (await FailuresOfAsync(large)).Should().Be(1);
    }

    [Test]
    public async Task SentMessages_ArePurgedAfterTheirRetention_OthersAreNot()
    {
        await EnqueueAsync();
        var relay = NewRelay(options => options.SentRetention = TimeSpan.FromDays(2));
        await DrainAsync(relay);
        Time.Advance(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        var late = await EnqueueAsync();
        Coordinator.Refused[late.Id] = 400;
        await DrainAsync(relay);
        (await CountAsync()).Should().Be(2);
        Time.Advance(TimeSpan.FromMinutes(2));
        await DrainAsync(relay);
        (await CountAsync()).Should().Be(1);
        (await StateOfAsync(late)).Should().Be(Sending);
    }

    private async Task<LocalMessageRelay> RefuseUntilStuckAsync(Message message, Action<LocalMessageOptions>? configure = null)
    {
        Coordinator.Refused[message.Id] = 409;
        var relay = NewRelay(configure);
        for (var i = 0; i < 12; i++)
        {
            await DrainAsync(relay);
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        return relay;
    }
}
