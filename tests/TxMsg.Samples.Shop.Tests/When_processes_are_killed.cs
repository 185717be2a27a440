using System.Globalization;
using System.Text.RegularExpressions;

namespace TxMsg.Samples.Shop.Tests;

public sealed class When_processes_are_killed
{
    private const int Orders = 300;

    [Test]
    public async Task No_order_is_lost_and_nothing_is_done_twice()
    {
        var run = await ShopRun.OfAsync("--orders", $"{Orders}", "--chaos", "7");

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("differences: 0").And.Contain("dead letters that are left: 0");
        run.Output.Should().Contain("kills: 10 (coordinator 2, orders 2, stock 2, budget 2, points 2)");
        // What was accepted is there; of what got no answer, because a service was killed or too slow to come back, some of it.
        var accepted = Number(run, @"(\d+) accepted");
        accepted.Should().BeGreaterThan(Orders / 2);
        Number(run, @"^orders (\d+),").Should().BeInRange(accepted, accepted + Number(run, @"(\d+) with no answer"));
        (accepted + Number(run, @"(\d+) refused") + Number(run, @"(\d+) with no answer")).Should().Be(Orders);
    }

    private static int Number(ShopRun run, string pattern) =>
        int.Parse(Regex.Match(run.Output, pattern, RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <param name="processes">How many were there when the shop is killed: the coordinator, the order service and three consumers, each with its guard.</param>
    [Test]
    public async Task The_services_do_not_outlive_the_shop([Values(1, 2, 6, 10)] int processes)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("needs /proc to look for processes");
        var folder = Directory.CreateTempSubdirectory("txmsg-shop-test-");
        using var shop = ShopRun.Start("--orders", "1000000", "--data", folder.FullName);
        try
        {
            await UntilAsync(() => CountIn(folder.FullName) >= processes);

            shop.Kill();

            await UntilAsync(() => CountIn(folder.FullName) == 0);
        }
        finally
        {
            shop.Kill();
            await UntilAsync(() => CountIn(folder.FullName) == 0);
            folder.Delete(recursive: true);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(45));
        while (!condition()) await Task.Delay(50, limit.Token);
    }

    private static int CountIn(string folder) => Directory.EnumerateDirectories("/proc").Count(process => int.TryParse(Path.GetFileName(process), out _) && WorksIn(process, folder));

    private static bool WorksIn(string process, string folder)
    {
        try
        {
            return File.ResolveLinkTarget(process + "/cwd", returnFinalTarget: false)?.FullName == folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or gone meanwhile.
            return false;
        }
    }
}
