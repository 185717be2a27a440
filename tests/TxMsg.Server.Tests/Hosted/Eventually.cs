using NUnit.Framework;

namespace TxMsg.Server.Tests.Hosted;

/// <summary>Waits for a condition instead of for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(Func<Task> assertion)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (AssertionException) when (TimeProvider.System.GetElapsedTime(began) < Deadline)
            {
                await Task.Delay(20);
            }
        }
    }

    public static Task HoldsAsync(Action assertion) => HoldsAsync(() =>
    {
        assertion();
        return Task.CompletedTask;
    });
}
