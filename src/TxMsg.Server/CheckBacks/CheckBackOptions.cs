namespace TxMsg.Server.CheckBacks;

/// <summary>How undecided producers are asked: section <c>TxMsg:CheckBacks</c>. A producer may set its own first time and limits.</summary>
public sealed class CheckBackOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "TxMsg:CheckBacks";

    /// <summary>When to ask first, after the prepare: 1 ms to 30 days. Default 30 s.</summary>
    public TimeSpan CheckBackAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often overdue half messages are looked for: 1 s to 1 h. Default 5 s.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The shortest pause between two check-backs of a message; it doubles each time: 100 ms to 1 day. Default 30 s.</summary>
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause: <see cref="MinBackoff"/> to 30 days. Default 10 min.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After how many answers <c>unknown</c> a message is parked: 1 to 10,000. Default 15.</summary>
    public int MaxUnknownAnswers { get; set; } = 15;

    /// <summary>How long after the prepare a message is asked about, answered <c>unknown</c> or not at all; then it is parked: 1 s to 1 year. Default 72 h.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long one check-back may take: connect, headers and body together. 100 ms to 5 min. Default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many check-backs of one producer a node has under way at once: 1 to 1,000. Default 64.</summary>
    public int MaxConcurrencyPerProducer { get; set; } = 64;
}
