using Dapper;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Client.Local;
using TxMsg.Client.Producing.LocalMessages;

namespace TxMsg.Client.Tests.Producing.LocalMessages;

/// <summary>Several relays on one database, and what is left when one is killed.</summary>
public sealed class LocalMessageInstancesTests(SqlDialect dialect) : LocalMessageFixture(dialect)
{
    [Test]
    public async Task RelayKilledBetweenAnswerAndMark_HasItsMessagesSentAgainByAnother_WhenItsLeaseIsOver()
    {
        var (first, second) = (await EnqueueAsync("a"), await EnqueueAsync("a"));
        await KillAsync(NewRelay(options => options.BatchSize = 1));
        Coordinator.Arrived.Should().Equal(first.Id);

        var other = NewRelay();
        await DrainAsync(other);
        Coordinator.Arrived.Should().Equal([first.Id], "the first is leased still, and holds back its key");

        Time.Advance(TimeSpan.FromMinutes(1));
        await DrainAsync(other);
        Coordinator.Arrived.Should().Equal(first.Id, first.Id, second.Id);
        Coordinator.TakenIds.Should().Equal(first.Id, second.Id);
        (await StateOfAsync(first)).Should().Be(Sent);
        (await StateOfAsync(second)).Should().Be(Sent);
    }

    [Test]
    public async Task RelayThatComesBackAfterItsLease_ChangesNothing()
    {
        var message = await EnqueueAsync();
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = new RecordingCoordinator { Before = (_, _) => Hang(reached, goOn) };
        slow.Refused[message.Id] = 400;
        var late = NewRelay(slow).RunOnceAsync(CancellationToken.None);
        await reached.Task;
        Time.Advance(TimeSpan.FromMinutes(1));
        await DrainAsync(NewRelay());
        (await StateOfAsync(message)).Should().Be(Sent);

        goOn.SetResult();
        (await late).Refused.Should().Be(0);
        (await StateOfAsync(message)).Should().Be(Sent);
        (await FailuresOfAsync(message)).Should().Be(0);
    }

    [Test]
    public async Task AnswerThatNeverComes_IsGivenUpWithTheLease()
    {
        var message = await EnqueueAsync();
        var reached = new TaskCompletionSource();
        Coordinator.Before = async (_, cancellationToken) =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        var pass = NewRelay().RunOnceAsync(CancellationToken.None);
        await reached.Task;
        Time.Advance(TimeSpan.FromMinutes(1));
        (await pass).IsUnavailable.Should().BeTrue();
        (await FailuresOfAsync(message)).Should().Be(0);
    }

    [Test]
    public async Task RelayThatIsStopped_GivesBackWhatItHolds()
    {
        var message = await EnqueueAsync();
        var reached = new TaskCompletionSource();
        var hanging = new RecordingCoordinator
        {
            Before = async (_, cancellationToken) =>
            {
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
        };
        var relay = NewRelay(hanging, time: TimeProvider.System, table: new LocalMessageTable(TimeProvider.System));
        await relay.StartAsync(CancellationToken.None);
        await reached.Task;
        await relay.StopAsync(CancellationToken.None);
        await DrainAsync(NewRelay());
        Coordinator.TakenIds.Should().Equal([message.Id], "the fake clock has not moved: no lease was waited for");
    }

    [Test]
    public async Task RunningRelay_SendsAtOnce_WithoutWaitingForItsPoll()
    {
        var table = new LocalMessageTable(TimeProvider.System);
        var relay = NewRelay(options => options.PollInterval = TimeSpan.FromHours(1), TimeProvider.System, table);
        await relay.StartAsync(CancellationToken.None);
        for (var i = 1; i <= 3; i++)
        {
            await using var connection = await Database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await table.EnqueueAsync(transaction, NewMessage());
            await Task.Delay(i * 30); // The relay looks before the commit, and must look again.
            await transaction.CommitAsync();
            await EventuallyAsync(() => Coordinator.Taken.Count == i, $"message {i}");
        }

        await relay.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task TwoRelays_SendEachMessageOnce_AndEachKeyInItsOrder()
    {
        var relays = Enumerable.Range(0, 2)
            .Select(_ => NewRelay(options => (options.BatchSize, options.PollInterval) = (7, TimeSpan.FromMilliseconds(20)), TimeProvider.System, new LocalMessageTable(TimeProvider.System)))
            .ToArray();
        foreach (var relay in relays) await relay.StartAsync(CancellationToken.None);
        const int Callers = 4;
        const int Each = 40;
        var byCaller = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var messages = new List<Message>();
            for (var i = 0; i < Each; i++) messages.Add(await EnqueueAsync(i % 3 == 0 ? null : $"{caller}-{i % 3}"));
            return messages;
        })));
        await EventuallyAsync(() => Coordinator.Taken.Count == Callers * Each, "all messages");
        await Task.WhenAll(relays.Select(relay => relay.StopAsync(CancellationToken.None)));

        Coordinator.Arrived.Should().OnlyHaveUniqueItems();
        foreach (var key in byCaller.SelectMany(messages => messages).Where(message => message.OrderingKey is not null).GroupBy(message => message.OrderingKey))
            Coordinator.Taken.Where(message => message.OrderingKey == key.Key).Select(message => message.Id).Should().Equal(key.Select(message => message.Id));
        await using var connection = await Database.OpenAsync();
        (await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM txmsg_local_messages WHERE state = 1")).Should().Be(Callers * Each);
    }

    private static async Task Hang(TaskCompletionSource reached, TaskCompletionSource goOn)
    {
        reached.TrySetResult();
        await goOn.Task;
    }

    private async Task KillAsync(LocalMessageRelay relay)
    {
        Coordinator.After = _ => throw new ProcessKilledException();
        var pass = async () => await relay.RunOnceAsync(CancellationToken.None);
        await pass.Should().ThrowAsync<ProcessKilledException>();
        Coordinator.After = null;
    }
}

/// <summary>Ends a pass where a kill would: nothing after it is done.</summary>
public sealed class ProcessKilledException : Exception;
