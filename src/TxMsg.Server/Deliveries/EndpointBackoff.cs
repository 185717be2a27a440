namespace TxMsg.Server.Deliveries;

/// <summary>Holds a whole endpoint back while it keeps failing, so that a dead one costs no attempts of the messages that wait
/// for it. After <see cref="Threshold"/> failures in a row, of more than one message, it is left alone for a while, longer each time; then
/// a few try again. One message that fails alone has a schedule of its own, and holds back nothing but its ordering key.</summary>
/// <remarks>The pauses are those of the subscription's own schedule, at most a minute: who set short retries wants to know soon. An
/// endpoint that says itself when to come again is left alone for that long, and not longer each time.</remarks>
public sealed class EndpointBackoff
{
    /// <summary>So many failures in a row open it.</summary>
    public const int Threshold = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private int failures;
    private int openings;
    private Guid failing;
    private bool severalFail;
    private DateTimeOffset until = DateTimeOffset.MinValue;
    private volatile bool answeredLast;

    /// <summary>Until when nothing is sent; in the past while the endpoint is well or may be tried.</summary>
    public DateTimeOffset Until
    {
        get
        {
            lock (gate) return until;
        }
    }

    /// <summary>Null while the endpoint is well; else until when it is left alone, which is in the past while a few may try.</summary>
    public DateTimeOffset? OpenedUntil
    {
        get
        {
            lock (gate) return openings > 0 ? until : null;
        }
    }

    /// <summary>Whether the last attempt found the endpoint well; false before the first one has ended.</summary>
    public bool AnsweredLast => answeredLast;

    /// <summary>Whether nothing is to be sent now.</summary>
    public bool IsOpen(DateTimeOffset now) => now < Until;

    /// <summary>The endpoint is well.</summary>
    public void Succeeded()
    {
        Reset();
        answeredLast = true;
    }

    /// <summary>Somebody has seen to the endpoint: how it was before says nothing any more.</summary>
    public void Reset()
    {
        lock (gate)
        {
            failures = 0;
            openings = 0;
            failing = Guid.Empty;
            severalFail = false;
            until = DateTimeOffset.MinValue;
        }
    }

    /// <summary>An attempt failed for reasons of the endpoint; true when this opened it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="schedule">The subscription's, in seconds.</param>
    /// <param name="messageId">Whose attempt.</param>
    /// <param name="asked">When the endpoint wants to be called again, if it said so.</param>
    public bool Failed(DateTimeOffset now, IReadOnlyList<double> schedule, Guid messageId, TimeSpan? asked = null)
    {
        lock (gate)
        {
            failures++;
            answeredLast = false;
            severalFail |= failing != Guid.Empty && failing != messageId;
            failing = messageId;
            // Attempts that were under way when it opened say nothing new.
            if (failures < Threshold || !severalFail || now < until) return false;
            var seconds = schedule.Count == 0 ? 1 : schedule[Math.Min(openings, schedule.Count - 1)];
            var pause = asked ?? TimeSpan.FromSeconds(seconds);
            until = now + (pause > Longest ? Longest : pause);
            openings = asked is null ? openings + 1 : Math.Max(1, openings);
            // The next failures after the pause open it again at once.
            failures = Threshold - 1;
            return true;
        }
    }
}
