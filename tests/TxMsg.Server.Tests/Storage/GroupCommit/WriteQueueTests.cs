using System.Collections.Concurrent;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

public sealed class WriteQueueTests
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);
    private const int Megabyte = 1024 * 1024;

    [Test]
    public void TryAddUrgent_PastTheCapacity_IsRefusedUntilThereIsRoom()
    {
        var queue = new WriteQueue(3, Forever);
        for (var i = 0; i < 3; i++) queue.TryAddUrgent(new Note("n")).Should().BeTrue();

        queue.TryAddUrgent(new Note("n")).Should().BeFalse();
        queue.TryAddDeferred(new Note("n")).Should().BeTrue("what makes them is bounded itself");
        queue.TryAddUrgent(new Note("n"), isOwn: true).Should().BeTrue("what makes them is bounded itself");
        Take(queue, 2).Should().HaveCount(2);
        queue.TryAddUrgent(new Note("n")).Should().BeTrue();
    }

    [Test]
    public void TryAddUrgent_PastTheBytes_IsRefusedUntilThereIsRoom()
    {
        var queue = new WriteQueue(1000, Forever);
        for (var i = 0; i < 8; i++) queue.TryAddUrgent(new Note("n", size: 8 * Megabyte)).Should().BeTrue();

        queue.TryAddUrgent(new Note("n", size: 1)).Should().BeFalse();
        Take(queue, 100).Should().HaveCount(2, "a transaction holds 16 MiB");
        queue.TryAddUrgent(new Note("n", size: 16 * Megabyte)).Should().BeTrue();
        queue.TryAddUrgent(new Note("n", size: 1)).Should().BeFalse();
    }

    [Test]
    public void TryAddUrgent_OfAGiant_IsTakenWhenNothingElseWaits()
    {
        var queue = new WriteQueue(1000, Forever);

        queue.TryAddUrgent(new Note("n", size: 100 * Megabyte)).Should().BeTrue();
        Take(queue, 100).Should().HaveCount(1);
        queue.TryAddUrgent(new Note("n", size: 100 * Megabyte)).Should().BeTrue("its bytes are given back");
    }

    [Test]
    public void Take_OfUrgentAndDeferred_LetsTheDeferredRideAlongInTheirOrder()
    {
        var queue = new WriteQueue(100, Forever);
        queue.TryAddDeferred(new Note("d1"));
        queue.TryAddUrgent(new Note("u1"));
        queue.TryAddDeferred(new Note("d2"));
        queue.TryAddUrgent(new Note("u2"));

        Take(queue, 100).Should().Equal("u1", "u2", "d1", "d2");
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Take_OfMoreThanTheLimit_LeavesTheRestInItsOrder(int limit)
    {
        var queue = new WriteQueue(100, Forever);
        for (var i = 0; i < 7; i++) queue.TryAddUrgent(new Note(i.ToString()));

        var taken = new List<string>();
        while (taken.Count < 7)
        {
            var batch = Take(queue, limit);
            batch.Count.Should().BeInRange(1, limit);
            taken.AddRange(batch);
        }

        taken.Should().Equal("0", "1", "2", "3", "4", "5", "6");
    }

    [Test]
    public void Take_OfDeferredAlone_ComesAfterTheLinger()
    {
        var queue = new WriteQueue(100, TimeSpan.FromMilliseconds(30));
        var note = new Note("d");
        queue.TryAddDeferred(note);

        Take(queue, 100).Should().Equal("d");
        System.Diagnostics.Stopwatch.GetElapsedTime(note.EnqueuedAt).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(30));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Take_OfManyDeferred_DoesNotWaitForTheLinger(CancellationToken cancellationToken)
    {
        var queue = new WriteQueue(100, Forever);
        var taking = Task.Run(() => Take(queue, 10_000), cancellationToken);
        for (var i = 0; i < 512; i++) queue.TryAddDeferred(new Note("d"));

        (await taking.WaitAsync(cancellationToken)).Should().HaveCount(512);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(10)]
    public void Take_WhileUrgentOnesNeverEnd_StillTakesTheDeferred(int limit)
    {
        var queue = new WriteQueue(1000, TimeSpan.Zero);
        for (var i = 0; i < 100; i++) queue.TryAddUrgent(new Note("u"));
        for (var i = 0; i < 5; i++) queue.TryAddDeferred(new Note("d"));

        var deferred = 0;
        var urgent = 0;
        for (var turn = 0; turn < 20; turn++)
        {
            var batch = Take(queue, limit);
            deferred += batch.Count(name => name == "d");
            urgent += batch.Count(name => name == "u");
            for (var i = 0; i < limit; i++) queue.TryAddUrgent(new Note("u"));
        }

        deferred.Should().Be(5, "a lease that is not renewed in time is lost");
        urgent.Should().BeGreaterThan(5, "nor may the deferred keep the urgent ones waiting");
    }

    [Test]
    public void Complete_WithOperationsWaiting_HandsThemOutAndEnds()
    {
        var queue = new WriteQueue(100, Forever);
        queue.TryAddUrgent(new Note("u"));
        queue.TryAddDeferred(new Note("d1"));
        queue.TryAddDeferred(new Note("d2"));
        queue.Complete();

        queue.TryAddUrgent(new Note("late")).Should().BeFalse();
        queue.TryAddDeferred(new Note("late")).Should().BeFalse();
        Take(queue, 2).Should().Equal("u", "d1");
        Take(queue, 2).Should().Equal("d2");
        queue.Take([], 2).Should().BeFalse();
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Complete_WhileSomeoneWaits_WakesIt(CancellationToken cancellationToken)
    {
        var queue = new WriteQueue(100, Forever);
        var taking = Task.Run(() => queue.Take([], 2), cancellationToken);
        queue.Complete();

        (await taking.WaitAsync(cancellationToken)).Should().BeFalse();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Take_WhileManyThreadsAdd_LosesNothingAndNoWakeUp(CancellationToken cancellationToken)
    {
        const int Threads = 6, Each = 4_000;
        var queue = new WriteQueue(int.MaxValue, TimeSpan.FromMilliseconds(1));
        var seen = new ConcurrentDictionary<string, int>();
        var taking = Task.Factory.StartNew(() =>
        {
            var batch = new List<WriteOperation>();
            while (queue.Take(batch, 64))
            {
                foreach (var note in batch.Cast<Note>()) seen.AddOrUpdate(note.Name, 1, (_, times) => times + 1);
                batch.Clear();
            }
        }, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var note = new Note($"{thread}-{i}");
                if ((i + thread) % 3 == 0) queue.TryAddDeferred(note);
                else queue.TryAddUrgent(note);
                // One by one at times: each must wake the taker by itself.
                if (i % 100 == 0) while (!seen.ContainsKey(note.Name)) await Task.Yield();
            }
        }, cancellationToken)));
        queue.Complete();
        await taking.WaitAsync(cancellationToken);

        seen.Should().HaveCount(Threads * Each);
        seen.Values.Should().OnlyContain(times => times == 1);
    }

    private static List<string> Take(WriteQueue queue, int limit)
    {
        var batch = new List<WriteOperation>();
        queue.Take(batch, limit).Should().BeTrue();
        return batch.Cast<Note>().Select(note => note.Name).ToList();
    }
}
