// Tests spend their time waiting for timers of the coordinator, so several share the machine's cores.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: LevelOfParallelism(6)]
