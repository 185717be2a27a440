using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Deliveries;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Deliveries;

public sealed class SubscriptionOutletTests
{
    private readonly FakeTimeProvider time = new();
    private ScriptedWorker worker = null!;
    private OutletDirectory directory = null!;
    private SubscriptionOutlet outlet = null!;

    [SetUp]
    public void Make()
    {
        worker = new ScriptedWorker();
        directory = new OutletDirectory(new Lazy<IDeliveryWorker>(worker), time);
        outlet = directory[1];
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(16)]
    public async Task Accept_OfMany_KeepsToTheConcurrency(int concurrency)
    {
        worker.Concurrency = concurrency;
        var full = new TaskCompletionSource();
        worker.Do = async _ =>
        {
            if (worker.Under == concurrency) full.TrySetResult();
            await full.Task;
            await Task.Yield();
        };

        await AcceptAsync(500);

        worker.Most.Should().Be(concurrency);
    }

    [Test]
    public async Task Accept_OfWhatIsInHand_GoesOnUnderTheNewLeaseAndSendsNothingTwice()
    {
        var answer = new TaskCompletionSource();
        worker.Do = _ => answer.Task;
        var inHand = Leasing.New();
        Accept(inHand);

        Accept(Leasing.Again(inHand, leaseToken: 2, leasedUntil: 200));

        inHand.Should().BeEquivalentTo(new { LeaseToken = 2L, LeasedUntil = 200L });
        outlet.Held.Should().Be(1);
        answer.SetResult();
        await Eventually.HoldsAsync(() => worker.Done.Should().Equal(inHand));
        directory.Held.Should().Be(0);
    }

    [Test]
    public async Task Accept_OfWhatSomebodyElseHasTriedSince_SendsIt()
    {
        var answer = new TaskCompletionSource();
        worker.Do = _ => answer.Task;
        var inHand = Leasing.New();
        Accept(inHand);

        Accept(Leasing.Again(inHand, leaseToken: 2, leasedUntil: 200, attempts: 1));
        answer.SetResult();

        await Eventually.HoldsAsync(() => worker.Done.Should().HaveCount(2));
        inHand.LeaseToken.Should().Be(1);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Accept_FromManyThreads_LosesNoneAndNoWakeUp(CancellationToken cancellationToken)
    {
        const int Threads = 8, Each = 5_000;
        worker.Do = static delivery => delivery.Id % 7 == 0 ? Task.Run(static () => { }) : Task.CompletedTask;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Each;)
            {
                if (!outlet.TryReserve()) await Task.Yield();
                else
                {
                    outlet.Accept(Leasing.New());
                    i++;
                }
            }
        }, cancellationToken)));
        await Eventually.HoldsAsync(() => worker.Done.Count.Should().Be(Threads * Each));

        worker.Done.Select(delivery => delivery.Id).Should().OnlyHaveUniqueItems();
        worker.Most.Should().BeLessThanOrEqualTo(4);
        outlet.Held.Should().Be(0);
        directory.Held.Should().Be(0);
        directory.Leased.Should().BeEmpty();
    }

    [Test]
    public async Task Accept_OneAtATimeAgainAndAgain_NeverSleepsThrough()
    {
        // Each arrives at the moment at which the last worker steps down.
        for (var i = 1; i <= 5_000; i++)
        {
            outlet.TryReserve().Should().BeTrue();
            outlet.Accept(Leasing.New());
            if (i % 50 == 0) await Eventually.HoldsAsync(() => worker.Done.Count.Should().Be(i));
        }
    }

    [Test]
    public async Task ConcurrencyOf_LoweredWhileBusy_CountsFromTheNextDelivery()
    {
        var first = new TaskCompletionSource();
        worker.Do = _ => first.Task;
        Accept(40);
        await Eventually.HoldsAsync(() => worker.Under.Should().Be(4));
        worker.Do = static _ => Task.Run(static () => { });
        worker.Concurrency = 1;
        worker.ForgetMost();
        var last = new TaskCompletionSource();
        worker.Do = async _ =>
        {
            if (worker.Done.Count == 20) await last.Task;
        };

        first.SetResult();
        await Eventually.HoldsAsync(() => worker.Done.Count.Should().BeGreaterThanOrEqualTo(20));
        worker.Under.Should().BeLessThanOrEqualTo(1);
        last.SetResult();

        await Eventually.HoldsAsync(() => worker.Done.Count.Should().Be(40));
    }

    [Test]
    public async Task ConcurrencyOf_RaisedWhileBusy_CountsForWhatIsQueued()
    {
        using var answers = new SemaphoreSlim(0);
        worker.Concurrency = 1;
        worker.Do = _ => answers.WaitAsync();
        Accept(10);
        await Eventually.HoldsAsync(() => worker.Under.Should().Be(1));

        worker.Concurrency = 4;
        answers.Release();

        await Eventually.HoldsAsync(() => worker.Under.Should().Be(4));
        answers.Release(9);
        await Eventually.HoldsAsync(() => worker.Done.Count.Should().Be(10));
        worker.Most.Should().Be(4);
    }

    [TestCase(0, 8192)]
    [TestCase(0.5, 8192)]
    [TestCase(1000, 60)]
    [TestCase(15_000, 4)]
    [TestCase(600_000, 4)]
    public void Room_ByLatency_IsWhatAQuarterOfTheLeaseCanSend(double latency, int room)
    {
        outlet.NoteLatency(TimeSpan.FromMilliseconds(latency));

        outlet.Room.Should().Be(room);
        for (var i = 0; i < room; i++) outlet.TryReserve().Should().BeTrue();
        outlet.TryReserve().Should().BeFalse();
        outlet.Held.Should().Be(room);
        outlet.Room.Should().Be(0);
    }

    [Test]
    public async Task Finished_WhenMoreIsDue_WakesTheDispatcherAtHalfTheRoom()
    {
        outlet.NoteLatency(TimeSpan.FromSeconds(15));
        outlet.HasMoreDue = true;
        var deliveries = Enumerable.Range(0, 4).Select(_ => Leasing.New()).ToArray();
        foreach (var _ in deliveries) outlet.TryReserve();

        outlet.Finished(deliveries[0]);
        (await WokenAsync()).Should().BeFalse();
        outlet.Finished(deliveries[1]);
        (await WokenAsync()).Should().BeTrue();
    }

    private async Task<bool> WokenAsync()
    {
        var waiting = directory.WaitAsync(TimeSpan.Zero, CancellationToken.None);
        return await (Task<bool>)waiting;
    }

    private void Accept(int count)
    {
        for (var i = 0; i < count; i++)
        {
            outlet.TryReserve().Should().BeTrue();
            outlet.Accept(Leasing.New());
        }
    }

    private void Accept(LeasedDelivery delivery)
    {
        outlet.TryReserve().Should().BeTrue();
        outlet.Accept(delivery);
    }

    private async Task AcceptAsync(int count)
    {
        Accept(count);
        await Eventually.HoldsAsync(() => worker.Done.Count.Should().Be(count));
    }
}
