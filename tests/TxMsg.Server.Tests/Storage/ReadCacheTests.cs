using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Tests.Storage;

public sealed class ReadCacheTests
{
    private readonly FakeTimeProvider time = new();
    private ReadCache<string, int> cache = null!;
    private int reads;

    [SetUp]
    public void Begin() => (cache, reads) = (new ReadCache<string, int>(TimeSpan.FromSeconds(3), time), 0);

    [Test]
    public async Task Get_BySeveralAtOnce_ReadsOnce()
    {
        var gate = new TaskCompletionSource();
        async Task<int> ReadAsync()
        {
            var read = Interlocked.Increment(ref reads);
            await gate.Task;
            return read;
        }

        var asking = Enumerable.Range(0, 5).Select(_ => cache.GetAsync("a", ReadAsync, CancellationToken.None)).ToArray();
        // However long it takes: nobody begins a second read beside it.
        time.Advance(TimeSpan.FromMinutes(1));
        var late = cache.GetAsync("a", ReadAsync, CancellationToken.None);
        gate.SetResult();

        (await Task.WhenAll([.. asking, late])).Should().OnlyContain(value => value == 1);
    }

    [Test]
    public async Task Get_AfterAWhile_ReadsAgain()
    {
        (await GetAsync("a")).Should().Be(1);
        time.Advance(TimeSpan.FromSeconds(2));
        (await GetAsync("a")).Should().Be(1);
        (await GetAsync("b")).Should().Be(2);
        time.Advance(TimeSpan.FromSeconds(2));
        (await GetAsync("a")).Should().Be(3);
    }

    [Test]
    public async Task Get_AfterAFailure_ReadsAgain()
    {
        await FluentActions.Awaiting(() => cache.GetAsync("a", () => throw new InvalidOperationException(), CancellationToken.None)).Should().ThrowAsync<InvalidOperationException>();
        (await GetAsync("a")).Should().Be(1);
    }

    [Test]
    public async Task Get_ByOneWhoGoes_IsReadForTheOthers()
    {
        var gate = new TaskCompletionSource<int>();
        using var gone = new CancellationTokenSource();
        var first = cache.GetAsync("a", () => gate.Task, gone.Token);
        var second = cache.GetAsync("a", () => gate.Task, CancellationToken.None);
        await gone.CancelAsync();
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<OperationCanceledException>();
        gate.SetResult(7);
        (await second).Should().Be(7);
    }

    private Task<int> GetAsync(string key) => cache.GetAsync(key, () => Task.FromResult(Interlocked.Increment(ref reads)), CancellationToken.None);
}
