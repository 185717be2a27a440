using System.Diagnostics;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>Waits for a condition instead of for a time. Deadlines are generous: they are only reached by a failing test.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(45);

    /// <summary>Repeats the assertion until it passes; at the deadline its own failure is the test's.</summary>
    public static async Task HoldsAsync(Func<Task> assertion, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (AssertionException) when (clock.Elapsed < (within ?? Deadline))
            {
                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>As <see cref="HoldsAsync(Func{Task},TimeSpan?)"/>, for what can be seen without waiting.</summary>
    public static Task HoldsAsync(Action assertion, TimeSpan? within = null) => HoldsAsync(
        () =>
        {
            assertion();
            return Task.CompletedTask;
        },
        within);

    /// <summary>Repeats the read until its result is as wanted, and returns that result.</summary>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, Func<T, bool> until, string what, TimeSpan? within = null)
    {
        T? result = default;
        await HoldsAsync(
            async () =>
            {
                result = await read();
                if (!until(result))
                {
                    throw new AssertionException($"Waited in vain for {what}. Last seen: {result}");
                }
            },
            within);
        return result!;
    }
}
