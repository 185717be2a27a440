using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Tests.Storage;

public sealed class SharedReadTests
{
    private readonly FakeTimeProvider time = new();
    private readonly List<TaskCompletionSource<int>> reads = [];
    private SharedRead<int> shared = null!;

    [SetUp]
    public void Make()
    {
        reads.Clear();
        shared = new SharedRead<int>(ReadAsync, TimeSpan.FromSeconds(2), time);
    }

    [Test]
    public async Task ManyCallers_ShareARead()
    {
        var callers = Enumerable.Range(0, 5).Select(_ => shared.GetAsync(CancellationToken.None)).ToArray();
        await ShouldHaveBegunAsync(1);

        reads[0].SetResult(42);

        (await Task.WhenAll(callers)).Should().OnlyContain(result => result == 42);
        reads.Should().ContainSingle();
    }

    [Test]
    public async Task AResult_IsKeptForAWhile_FromWhenItsReadBegan()
    {
        var first = shared.GetAsync(CancellationToken.None);
        await ShouldHaveBegunAsync(1);
        time.Advance(TimeSpan.FromSeconds(1.5));
        reads[0].SetResult(1);
        await first;

        time.Advance(TimeSpan.FromSeconds(0.4));
        (await shared.GetAsync(CancellationToken.None)).Should().Be(1);
        time.Advance(TimeSpan.FromSeconds(0.2));
        var later = shared.GetAsync(CancellationToken.None);

        await ShouldHaveBegunAsync(2);
        reads[1].SetResult(2);
        (await later).Should().Be(2);
    }

    [Test]
    public async Task AFailure_IsNotKept()
    {
        var first = shared.GetAsync(CancellationToken.None);
        await ShouldHaveBegunAsync(1);
        reads[0].SetException(new IOException("down"));
        await first.Awaiting(read => read).Should().ThrowAsync<IOException>();

        var second = shared.GetAsync(CancellationToken.None);

        await ShouldHaveBegunAsync(2);
        reads[1].SetResult(2);
        (await second).Should().Be(2);
    }

    [Test]
    public async Task WhoWantsItFresh_WaitsForAReadThatBeginsLater_AllOfThemForOne()
    {
        var early = shared.GetAsync(CancellationToken.None);
        await ShouldHaveBegunAsync(1);
        var fresh = Enumerable.Range(0, 5).Select(_ => shared.GetAsync(fresh: true, CancellationToken.None)).ToArray();
        reads[0].SetResult(1);
        await ShouldHaveBegunAsync(2);
        reads[1].SetResult(2);

        (await early).Should().Be(1);
        (await Task.WhenAll(fresh)).Should().OnlyContain(result => result == 2);
        reads.Should().HaveCount(2);
    }

    [Test]
    public async Task ACallerThatGivesUp_EndsTheReadForNobodyElse()
    {
        using var impatient = new CancellationTokenSource();
        var one = shared.GetAsync(impatient.Token);
        var other = shared.GetAsync(CancellationToken.None);
        await ShouldHaveBegunAsync(1);
        await impatient.CancelAsync();
        reads[0].SetResult(1);

        await one.Awaiting(read => read).Should().ThrowAsync<OperationCanceledException>();
        (await other).Should().Be(1);
    }

    private Task<int> ReadAsync()
    {
        var read = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (reads) reads.Add(read);
        return read.Task;
    }

    private Task ShouldHaveBegunAsync(int count) => Hosted.Eventually.HoldsAsync(() =>
    {
        lock (reads) reads.Should().HaveCount(count);
    });
}
