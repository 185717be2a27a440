using System.Collections.Concurrent;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

/// <summary>A caller who comes alone writes in the committer's place; here a task stands for the committer.</summary>
[CancelAfter(60_000)]
public sealed class WriteQueueLeaderTests
{
    private const int Limit = 100;

    private WriteQueue queue = null!;
    private ConcurrentQueue<string[]> taken = null!;
    private Task committer = null!;

    [SetUp]
    public void Open()
    {
        queue = new WriteQueue(1000, TimeSpan.FromMilliseconds(1));
        taken = new ConcurrentQueue<string[]>();
        committer = Task.CompletedTask;
    }

    [TearDown]
    public async Task CloseAsync()
    {
        queue.Complete();
        await committer;
    }

    [Test]
    public void TryLead_BeforeTheCommitterHasBegun_IsRefused() =>
        queue.TryLead(new Note("n"), Limit).Should().BeNull("the store may not be ready");

    [Test]
    public async Task TryLead_WhileTheCommitterWaits_IsForOneAtATime(CancellationToken cancellationToken)
    {
        StartCommitter();
        await LeadAsync(new Note("first"), cancellationToken);

        queue.TryLead(new Note("second"), Limit).Should().BeNull();

        queue.EndLead([]);
        await LeadAsync(new Note("third"), cancellationToken);
        queue.EndLead([]);
        taken.Should().BeEmpty("what a leader writes is not the committer's");
    }

    [Test]
    public async Task TryLead_WithDeferredWaiting_TakesThemAlong(CancellationToken cancellationToken)
    {
        queue = new WriteQueue(1000, TimeSpan.FromDays(1));
        queue.TryAddDeferred(new Note("d1"));
        queue.TryAddDeferred(new Note("d2"));
        StartCommitter();

        Names(await LeadAsync(new Note("n"), cancellationToken)).Should().Equal("n", "d1", "d2");

        queue.EndLead([]);
    }

    [Test]
    public async Task TryLead_WithoutGroupCommit_TakesNothingAlong(CancellationToken cancellationToken)
    {
        queue = new WriteQueue(1000, TimeSpan.FromDays(1));
        queue.TryAddDeferred(new Note("d1"));
        StartCommitter();

        Names(await LeadAsync(new Note("n"), cancellationToken, limit: 1)).Should().Equal("n");

        queue.EndLead([]);
    }

    [Test]
    public async Task TryAdd_WhileSomebodyLeads_WaitsForItsEnd(CancellationToken cancellationToken)
    {
        StartCommitter();
        await LeadAsync(new Note("n"), cancellationToken);

        queue.TryAddUrgent(new Note("u"));
        queue.TryAddDeferred(new Note("d"));
        taken.Enqueue(["the leader's end"]);
        queue.EndLead([]);

        await UntilTakenAsync(3, cancellationToken);
        taken.Should().BeEquivalentTo(new string[][] { ["the leader's end"], ["u", "d"] }, options => options.WithStrictOrdering());
    }

    [Test]
    public async Task EndLead_WithWhatWasNotWritten_GivesItToTheCommitterFirst(CancellationToken cancellationToken)
    {
        queue = new WriteQueue(1000, TimeSpan.FromDays(1));
        queue.TryAddDeferred(new Note("d1"));
        StartCommitter();
        var batch = await LeadAsync(new Note("n"), cancellationToken);
        queue.TryAddUrgent(new Note("u"));
        queue.TryAddDeferred(new Note("d2"));

        queue.EndLead(batch);

        await UntilTakenAsync(4, cancellationToken);
        taken.Should().ContainSingle().Which.Should().Equal("n", "u", "d1", "d2");
    }

    [Test]
    public async Task TryLead_WhereCallersComeSeveralAtATime_IsRefusedUntilTheyComeAloneAgain(CancellationToken cancellationToken)
    {
        for (var i = 0; i < 8; i++) queue.TryAddUrgent(new Note("u"));
        StartCommitter();
        await UntilTakenAsync(8, cancellationToken);

        var refused = 0;
        for (; queue.TryLead(new Note("n"), Limit) is null; refused++)
        {
            queue.TryAddUrgent(new Note("u"));
            await UntilTakenAsync(9 + refused, cancellationToken);
        }

        refused.Should().BeGreaterThanOrEqualTo(3, "8 callers are 4, 2 and 1 in the memory of the queue");
        queue.EndLead([]);
    }

    [Test]
    public async Task Complete_WhileSomebodyLeads_WaitsForItsEnd(CancellationToken cancellationToken)
    {
        StartCommitter();
        var batch = await LeadAsync(new Note("n"), cancellationToken);

        queue.Complete();
        queue.TryAddUrgent(new Note("late")).Should().BeFalse();
        committer.IsCompleted.Should().BeFalse("the leader may hand back what it could not write");
        queue.EndLead(batch);

        await committer.WaitAsync(cancellationToken);
        taken.Should().ContainSingle().Which.Should().Equal("n");
        queue.TryLead(new Note("late"), Limit).Should().BeNull();
    }

    [Test]
    public async Task TryLead_WhileManyThreadsAdd_LosesNothingAndNoWakeUp(CancellationToken cancellationToken)
    {
        const int Threads = 3, Each = 3_000;
        var seen = new ConcurrentDictionary<string, int>();
        var writers = 0;
        StartCommitter(batch => Write(batch));

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var note = new Note($"{thread}-{i}");
                if (i % 3 == 0) queue.TryAddDeferred(note);
                else if (queue.TryLead(note, Limit) is not { } batch) queue.TryAddUrgent(note);
                else if (i % 2 == 0) queue.EndLead(batch);
                else
                {
                    Write(batch);
                    queue.EndLead([]);
                }

                // One by one at times: each must wake the committer by itself.
                if (i % 10 == 0) while (!seen.ContainsKey(note.Name)) await Task.Yield();
            }
        }, cancellationToken)));
        queue.Complete();
        await committer;

        seen.Should().HaveCount(Threads * Each).And.OnlyContain(note => note.Value == 1);

        void Write(List<WriteOperation> batch)
        {
            Interlocked.Increment(ref writers).Should().Be(1, "one at a time writes");
            foreach (var name in Names(batch)) seen.AddOrUpdate(name, 1, (_, times) => times + 1);
            Interlocked.Decrement(ref writers);
        }
    }

    private static string[] Names(IEnumerable<WriteOperation> batch) => batch.Cast<Note>().Select(note => note.Name).ToArray();

    private void StartCommitter(Action<List<WriteOperation>>? write = null) => committer = Task.Factory.StartNew(() =>
    {
        var batch = new List<WriteOperation>();
        while (queue.Take(batch, Limit))
        {
            if (write is null) taken.Enqueue(Names(batch));
            else write(batch);
            batch.Clear();
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task<List<WriteOperation>> LeadAsync(Note note, CancellationToken cancellationToken, int limit = Limit)
    {
        while (true)
        {
            if (queue.TryLead(note, limit) is { } batch) return batch;
            await Task.Delay(1, cancellationToken);
        }
    }

    private async Task UntilTakenAsync(int count, CancellationToken cancellationToken)
    {
        while (taken.Sum(batch => batch.Length) < count) await Task.Delay(1, cancellationToken);
    }
}
