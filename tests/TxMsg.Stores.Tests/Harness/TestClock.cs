using Microsoft.Extensions.Time.Testing;

namespace TxMsg.Stores.Tests.Harness;

/// <summary>The time of a fixture: whole milliseconds, as the store keeps them; passes when it is told to.</summary>
public sealed class TestClock() : FakeTimeProvider(new DateTimeOffset(2030, 5, 17, 12, 34, 56, 789, TimeSpan.Zero))
{
    public long Milliseconds => GetUtcNow().ToUnixTimeMilliseconds();
}
