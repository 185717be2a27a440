using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Observability;
using TxMsg.Server.Observability.History;

namespace TxMsg.Server.Tests.Observability.History;

public sealed class MinuteRecorderTests
{
    private readonly RunningTotals totals = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero));
    private MinuteRecorder recorder = null!;

    [SetUp]
    public void Make()
    {
        totals.Count(Total.Failed);
        recorder = new MinuteRecorder(totals, time);
    }

    [Test]
    public void WhatWasCounted_IsInItsMinute()
    {
        var first = MinuteRecorder.MinuteOf(time.GetUtcNow());
        Count(Total.Prepared, 3);
        Pass(seconds: 30);
        Count(Total.Prepared, 2);
        totals.CountLatency(12);
        Pass(seconds: 30);
        Count(Total.Delivered, 1);
        Pass(seconds: 5);

        recorder.ListChanged().Select(row => (row.MinuteAt, row.Prepared, row.Delivered, row.Failed, row.Latencies))
            .Should().Equal((first, 5, 0, 0, "10:1"), (first + 60_000, 0, 1, 0, null));
    }

    [Test]
    public void AMinuteWithNothing_HasNoRow()
    {
        Pass(seconds: 60);
        Pass(seconds: 60);

        recorder.ListChanged().Should().BeEmpty();
    }

    [Test]
    public void WhatCouldNotBeWritten_IsListedAgain_WithWhatCameSince()
    {
        Count(Total.Committed, 1);
        Pass(seconds: 5);
        recorder.ListChanged().Single().Committed.Should().Be(1);
        Count(Total.Committed, 1);
        for (var i = 0; i < 10; i++) Pass(seconds: 60);

        recorder.ListChanged().Single().Committed.Should().Be(2);
    }

    [Test]
    public void WhatIsConfirmed_IsListedOnlyWhenItChanges_AndThenAsAWhole()
    {
        Count(Total.Committed, 4);
        Pass(seconds: 5);
        var written = recorder.ListChanged();
        Count(Total.Committed, 1);
        Pass(seconds: 5);
        recorder.Confirm(written);
        recorder.ListChanged().Single().Committed.Should().Be(5, "it changed while it was written");
        recorder.Confirm(recorder.ListChanged());

        recorder.ListChanged().Should().BeEmpty();
        Count(Total.Committed, 1);
        Pass(seconds: 5);
        recorder.ListChanged().Single().Committed.Should().Be(6);
    }

    [Test]
    public void WhileNothingCanBeWritten_TheOldestMinutesAreLostAtLast()
    {
        for (var i = 0; i < MinuteRecorder.MostWaiting + 20; i++)
        {
            Count(Total.RolledBack, i + 1);
            Pass(seconds: 60);
        }

        recorder.ListChanged().Should().HaveCount(MinuteRecorder.MostWaiting).And.Contain(row => row.RolledBack == MinuteRecorder.MostWaiting + 20);
    }

    [Test]
    public void AClockThatIsSetBack_AddsToTheMinuteThatWasWritten()
    {
        var clock = new SetClock { Now = time.GetUtcNow() };
        var setBack = new MinuteRecorder(totals, clock);
        Count(Total.Delivered, 5);
        clock.Now = clock.Now.AddSeconds(61);
        setBack.Take();
        setBack.Confirm(setBack.ListChanged());
        clock.Now = clock.Now.AddSeconds(-30);
        setBack.Take();
        Count(Total.Delivered, 2);
        setBack.Take();

        setBack.ListChanged().Single().Delivered.Should().Be(7);
    }

    [Test]
    public void Latencies_ComeBackFromTheStoreAsTheyWere()
    {
        var counts = new MinuteCounts();
        foreach (var latency in (long[])[0, 0, 7, 900, 5_000_000]) counts.Latencies[LatencyBuckets.Of(latency)]++;
        var read = new MinuteCounts();

        MinuteRow.Of(0, counts, 1).AddTo(read);

        read.Latencies.ToArray().Should().Equal(counts.Latencies.ToArray());
        new MinuteCounts().FormatLatencies().Should().BeNull();
    }

    private void Count(Total total, int times)
    {
        for (var i = 0; i < times; i++) totals.Count(total);
    }

    private void Pass(int seconds)
    {
        time.Advance(TimeSpan.FromSeconds(seconds));
        recorder.Take();
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
