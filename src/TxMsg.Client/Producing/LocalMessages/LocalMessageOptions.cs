using System.Data.Common;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>How the relay sends what stands in the local message table.</summary>
public sealed class LocalMessageOptions
{
    /// <summary>The name that the producer is registered under: 1 to 256 characters. Messages are written and sent under it; a relay leaves those of another name
    /// alone. After a change of the name, what is still unsent under the old one waits for a relay of that name.</summary>
    public string Producer { get; set; } = "";

    /// <summary>Makes a new, closed connection to the database with the local message table. Required. Services may share
    /// it: see <see cref="Producer"/>.</summary>
    public Func<DbConnection>? Connection { get; set; }

    /// <summary>The most bytes of a payload that is enqueued: 1 to 64 MiB. Default 256 KiB, the coordinator's own default: a larger one would be
    /// refused after the local commit. Set it to the coordinator's <c>TxMsg:Limits:MaxPayloadBytes</c>.</summary>
    public int MaxPayloadBytes { get; set; } = 256 * 1024;

    /// <summary>How many messages are claimed at once at most, fewer for a while after the coordinator could not be reached: 1 to 1,000. Default 100.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>How often the relay looks of its own accord: 10 ms to 1 h. Default 1 s. It is what a message waits for at most that another
    /// instance has enqueued before it stopped; what this one enqueues is looked for at once.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long a relay takes messages on: 1 s to 1 h. Default 1 min. What a crashed instance held is sent after at most this long.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the first retry waits: 10 ms to 1 h. Default 1 s. Each further one waits twice as long; all with jitter.</summary>
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a retry waits at most: <see cref="MinBackoff"/> to 1 day. Default 1 min.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After how many refusals a message is stuck and waits for a person: 1 to 1,000. Default 10. Only refusals count: a coordinator
    /// that cannot be reached is tried without end.</summary>
    public int MaxFailures { get; set; } = 10;

    /// <summary>How old the oldest unsent message is when the relay raises an alarm: 1 s to 30 days. Default 5 min.</summary>
    public TimeSpan AlarmAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long sent and discarded messages are kept: 0 to 3,650 days. Default 7 days.</summary>
    public TimeSpan SentRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Called when a message is stuck, once, by the instance that found out; not at all if that one crashes just then:
    /// <see cref="LocalMessageTable.ListStuckAsync"/> knows them all. What it throws is logged.</summary>
    public Func<StuckLocalMessage, CancellationToken, Task>? OnStuck { get; set; }
}
