using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using TxMsg.Server.Storage;

namespace TxMsg.Server.Tests.Storage;

/// <summary>Each thing that is asked for is read and kept apart.</summary>
public sealed class SharedReadsTests
{
    [Test]
    public async Task Get_KeepsEachKeyForAWhile()
    {
        var time = new FakeTimeProvider();
        var reads = 0;
        var shared = new SharedReads<string, string>(key => Task.FromResult(key + Interlocked.Increment(ref reads)), _ => TimeSpan.FromSeconds(3), 10, time);

        (await shared.GetAsync("a", CancellationToken.None)).Should().Be("a1");
        time.Advance(TimeSpan.FromSeconds(2));
        (await shared.GetAsync("a", CancellationToken.None)).Should().Be("a1");
        (await shared.GetAsync("b", CancellationToken.None)).Should().Be("b2");
        time.Advance(TimeSpan.FromSeconds(2));
        (await shared.GetAsync("a", CancellationToken.None)).Should().Be("a3");
    }
}
