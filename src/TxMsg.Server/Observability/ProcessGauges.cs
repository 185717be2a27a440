using System.Diagnostics.Metrics;

namespace TxMsg.Server.Observability;

/// <summary>What the process itself uses; each costs microseconds, so they are read when scraped.</summary>
internal static class ProcessGauges
{
    private static readonly KeyValuePair<string, object?>[][] Generations =
        [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => new[] { new KeyValuePair<string, object?>("generation", generation.ToString(System.Globalization.CultureInfo.InvariantCulture)) })];

    /// <summary>Adds them to a meter.</summary>
    public static void Add(Meter meter)
    {
        var version = typeof(ProcessGauges).Assembly.GetName().Version?.ToString(3);
        meter.CreateObservableGauge("txmsg_build_info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", version)), description: "Always 1; the version is a label");
        meter.CreateObservableCounter("txmsg_process_cpu_seconds", static () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time used");
        meter.CreateObservableGauge("txmsg_process_working_set_bytes", static () => Environment.WorkingSet, "By", "Memory in use, as the system sees it");
        meter.CreateObservableGauge("txmsg_process_threads", static () => ThreadPool.ThreadCount, description: "Threads of the pool");
        meter.CreateObservableGauge("txmsg_process_queued_work_items", static () => ThreadPool.PendingWorkItemCount, description: "Work that waits for a thread of the pool");
        meter.CreateObservableGauge("txmsg_gc_heap_bytes", static () => GC.GetTotalMemory(forceFullCollection: false), "By", "Managed memory, garbage included");
        meter.CreateObservableCounter("txmsg_gc_allocated_bytes", static () => GC.GetTotalAllocatedBytes(), "By", "Managed memory allocated since the start");
        meter.CreateObservableCounter("txmsg_gc_pause_seconds", static () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time in which the garbage collector held everything up");
        meter.CreateObservableCounter("txmsg_gc_collections", Collections, description: "Garbage collections by generation");
    }

    private static IEnumerable<Measurement<int>> Collections()
    {
        for (var generation = 0; generation < Generations.Length; generation++)
            yield return new Measurement<int>(GC.CollectionCount(generation), Generations[generation]);
    }
}
