namespace TxMsg.FaultTests.Recording;

/// <summary>What a process holds, as the kernel counts it.</summary>
internal sealed record ProcessUsage(long Megabytes, int Handles, int Threads)
{
    public static ProcessUsage Of(int processId)
    {
        var status = File.ReadAllLines($"/proc/{processId}/status").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim());
        return new ProcessUsage(Number("VmRSS") / 1024, Directory.GetFiles($"/proc/{processId}/fd").Length, (int)Number("Threads"));

        long Number(string name) => long.Parse(status[name].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
