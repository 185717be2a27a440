using System.Data;
using System.Data.Common;
using TxMsg.Client.Coordinator;
using TxMsg.Contracts.Signatures;

namespace TxMsg.Client.Consuming;

/// <summary>How an application consumes. Checked at start; each wrong value is named.</summary>
public sealed class ConsumerOptions
{
    /// <summary>The least that the inbox remembers: a day.</summary>
    public static readonly TimeSpan MinInboxRetention = TimeSpan.FromDays(1);

    /// <summary>The secrets that deliveries are signed with, <c>whsec_...</c>; several while one is being rotated, the newest first.</summary>
    public IList<string> Secrets { get; set; } = [];

    /// <summary>The subscriptions that are consumed here; deliveries of others are refused. Default: any that is signed with <see cref="Secrets"/>.</summary>
    public IList<ConsumerSubscription> Subscriptions { get; set; } = [];

    /// <summary>Makes a new, closed connection to the service's own database, SQLite or SQL Server, where the inbox is.
    /// Needed unless every endpoint is one without inbox.</summary>
    public Func<DbConnection>? Connect { get; set; }

    /// <summary>The isolation level of the transaction a delivery is handled in. Any is right for the inbox. Default: the provider's.</summary>
    public IsolationLevel IsolationLevel { get; set; } = IsolationLevel.Unspecified;

    /// <summary>How far the time of signing may be from now, either way: more than zero, at most a day. Default 5 minutes.</summary>
    public TimeSpan Tolerance { get; set; } = WebhookSignature.DefaultTolerance;

    /// <summary>The largest body that is taken, in bytes: 1 to 1,073,741,824. Default 262,144, the coordinator's own limit.</summary>
    public int MaxBodyBytes { get; set; } = 256 * 1024;

    /// <summary>How long a delivery waits while the same message is being handled (on SQLite: anything is being written)
    /// before the coordinator is asked to come back: a second to a minute, in real time. Keep it below the attempt's timeout. Default 5 seconds.</summary>
    public TimeSpan LockWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the inbox remembers what was handled: <see cref="MinInboxRetention"/> to 3,650 days, and a day longer than the longest delay of a
    /// <see cref="ConsumerSubscription.RetrySchedule"/>, after which a delivery whose acknowledgement was lost comes again. One that comes later still,
    /// say a dead letter that an operator redelivers, is handled again if it was handled before. Default 30 days: longer than any
    /// default schedule of retries by far.</summary>
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often old rows of the inbox are purged: a second to a day. Default an hour.</summary>
    public TimeSpan PurgeInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What subscriptions are registered by. Default: the <see cref="ICoordinatorClient"/> of the application's services.</summary>
    public Func<IServiceProvider, ICoordinatorClient>? Coordinator { get; set; }

    /// <summary>The first of the secrets that count for a subscription.</summary>
    internal string SecretOf(ConsumerSubscription subscription) => subscription.Secrets.Count > 0 ? subscription.Secrets[0] : Secrets[0];
}
