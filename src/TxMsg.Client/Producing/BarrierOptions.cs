using System.Data.Common;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Producing;

/// <summary>How a producer answers check-backs.</summary>
public sealed class BarrierOptions
{
    /// <summary>The producer's own name: check-backs for any other are refused.</summary>
    public string Producer { get; set; } = "";

    /// <summary>The producer's signing secrets (<c>whsec_...</c>): one, or the old beside the new while it is being rotated.</summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>How far the coordinator's clock and this one may differ, transport included: 1 s to 1 h. Default 5 min.</summary>
    public TimeSpan Tolerance { get; set; } = WebhookSignature.DefaultTolerance;

    /// <summary>Makes a new, closed connection to the producer's database.</summary>
    public Func<DbConnection>? Connect { get; set; }

    /// <summary>How long a check-back waits for a local transaction in flight before it answers <c>unknown</c>: 0 to 1 min. Keep it below the
    /// coordinator's time limit for a check-back (10 s by default). Default 5 s.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the barrier's rows are kept: 2 days to 10 years. Longer than the coordinator asks about a message (<c>giveUpAfterSeconds</c>,
    /// 72 h by default) and than one is left parked. A check-back about a message within a day of this age is answered from the row if it stands,
    /// and otherwise <c>unknown</c>, as the row may have been purged. Default 30 days.</summary>
    public TimeSpan RetainFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often old rows are purged: 1 s to 1 day. Default 1 h.</summary>
    public TimeSpan PurgeInterval { get; set; } = TimeSpan.FromHours(1);
}
