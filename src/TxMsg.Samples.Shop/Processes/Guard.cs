using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace TxMsg.Samples.Shop.Processes;

/// <summary>A process that outlives this one for an instant: when its standard input ends, because this process ended in whatever way, it kills what it was told to watch.</summary>
internal sealed class Guard : IDisposable
{
    private readonly Lock telling = new();
    private readonly Process process;

    public Guard() => process = Process.Start(new ProcessStartInfo(ChildProcess.DotNet, [typeof(Guard).Assembly.Location, "guard"]) { RedirectStandardInput = true })
        ?? throw new InvalidOperationException("The guard could not be started.");

    public void Watch(int processId) => Tell('+', processId);

    public void Forget(int processId) => Tell('-', processId);

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>What the guard's process does.</summary>
    public static async Task<int> RunAsync()
    {
        var watched = new HashSet<int>();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var processId = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            if (line[0] == '+') watched.Add(processId);
            else watched.Remove(processId);
        }

        foreach (var processId in watched) Kill(processId);
        return 0;
    }

    private static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It is gone already: that is all that is wanted.
        }
    }

    private void Tell(char what, int processId)
    {
        lock (telling)
        {
            process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}{processId}"));
            process.StandardInput.Flush();
        }
    }
}
