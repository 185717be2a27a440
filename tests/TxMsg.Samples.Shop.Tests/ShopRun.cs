using System.Diagnostics;
using System.Reflection;

namespace TxMsg.Samples.Shop.Tests;

/// <summary>A run of the shop, as somebody at a terminal would start it.</summary>
internal sealed record ShopRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public static async Task<ShopRun> OfAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Limit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            var run = new ShopRun(process.ExitCode, await output, await error);
            TestContext.Out.WriteLine(run.Output + run.Error);
            return run;
        }
        finally
        {
            // Its guard ends what it has started.
            process.Kill();
        }
    }

    public static Process Start(params string[] arguments)
    {
        var dll = typeof(ShopRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ShopDll").Value!;
        return Process.Start(new ProcessStartInfo("dotnet", [dll, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
