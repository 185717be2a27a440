namespace TxMsg.Server.Jobs;

/// <summary>Where Hangfire keeps its jobs: section <c>TxMsg:Jobs</c>.</summary>
public sealed class JobsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:Jobs";

    /// <summary><c>Auto</c> (that of the store; the default), <c>InMemory</c> or <c>SqlServer</c>. Losing jobs loses nothing:
    /// the rows are the truth, and the schedule is made anew at every start.</summary>
    public JobsStorage Storage { get; set; } = JobsStorage.Auto;
}

/// <summary>Where Hangfire keeps its jobs.</summary>
public enum JobsStorage
{
    /// <summary>SQL Server beside that store, else in memory.</summary>
    Auto,

    /// <summary>In this process.</summary>
    InMemory,

    /// <summary>In the store's SQL Server database: one schedule for all nodes.</summary>
    SqlServer,
}
