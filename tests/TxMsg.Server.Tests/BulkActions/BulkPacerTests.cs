using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.BulkActions;

namespace TxMsg.Server.Tests.BulkActions;

public sealed class BulkPacerTests
{
    [TestCase(1, 1)]
    [TestCase(4, 1)]
    [TestCase(50, 10)]
    [TestCase(1000, 100)]
    public void BatchSize_IsAFractionOfASecond(int perSecond, int size) => new BulkPacer(perSecond, new FakeTimeProvider()).BatchSize.Should().Be(size);

    [Test]
    public async Task Wait_InAWindowOfAnyLength_LetsNoMoreThanTheRatePass()
    {
        var time = new FakeTimeProvider();
        var pacer = new BulkPacer(50, time);
        var passed = new List<TimeSpan>();
        var began = time.GetTimestamp();
        for (var batch = 0; batch < 20; batch++)
        {
            var waiting = pacer.WaitAsync(10, CancellationToken.None);
            while (!waiting.IsCompleted) time.Advance(TimeSpan.FromMilliseconds(1));
            await waiting;
            for (var i = 0; i < 10; i++) passed.Add(time.GetElapsedTime(began));
        }

        foreach (var start in passed) passed.Count(at => at >= start && at < start + TimeSpan.FromSeconds(1)).Should().BeLessThanOrEqualTo(50);
        passed[^1].Should().BeCloseTo(TimeSpan.FromSeconds(3.8), TimeSpan.FromMilliseconds(25));
    }

    [Test]
    public async Task Wait_AfterAPause_DoesNotCatchUp()
    {
        var time = new FakeTimeProvider();
        var pacer = new BulkPacer(10, time);
        await pacer.WaitAsync(2, CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(1));
        await pacer.WaitAsync(2, CancellationToken.None);

        pacer.WaitAsync(2, CancellationToken.None).IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task Wait_AfterABatchThatTookLong_LeavesItItsTime()
    {
        var time = new FakeTimeProvider();
        var pacer = new BulkPacer(10, time);
        await pacer.WaitAsync(2, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(5));
        pacer.Went(2);

        var waiting = pacer.WaitAsync(2, CancellationToken.None);

        waiting.IsCompleted.Should().BeFalse("some of the batch went at its end");
        time.Advance(TimeSpan.FromMilliseconds(200));
        await waiting;
    }

    [Test]
    public async Task Wait_ThatIsCancelled_Ends()
    {
        using var stopping = new CancellationTokenSource();
        var pacer = new BulkPacer(1, new FakeTimeProvider());
        await pacer.WaitAsync(1, CancellationToken.None);
        var waiting = pacer.WaitAsync(1, stopping.Token);
        await stopping.CancelAsync();

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
    }
}
