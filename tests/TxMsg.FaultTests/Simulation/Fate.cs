namespace TxMsg.FaultTests.Simulation;

/// <summary>How a consumer or producer answers for a while.</summary>
internal enum Weather
{
    /// <summary>Every request, at once.</summary>
    Fine,

    /// <summary>About half of them.</summary>
    Flaky,

    /// <summary>None.</summary>
    Down,

    /// <summary>With every answer that means something of its own.</summary>
    Odd,
}

/// <summary>What becomes of one request.</summary>
internal enum Fate
{
    /// <summary>2xx.</summary>
    Done,

    /// <summary>Nobody listens: the receiver sees nothing.</summary>
    Refused,

    /// <summary>The connection is lost before the receiver has the request.</summary>
    LostRequest,

    /// <summary>The receiver does its work, and the connection is lost before its answer.</summary>
    LostAnswer,

    /// <summary>The receiver does its work and never answers.</summary>
    Hang,

    /// <summary>500.</summary>
    Error,

    /// <summary>503 with <c>Retry-After</c>.</summary>
    Busy,

    /// <summary>422.</summary>
    Rejected,

    /// <summary>410.</summary>
    Gone,

    /// <summary>A check-back's answer that means nothing.</summary>
    Nonsense,
}

/// <summary>What is known of fates.</summary>
internal static class Fates
{
    private static readonly Fate[] Flaky = [Fate.Done, Fate.Done, Fate.Done, Fate.Done, Fate.Refused, Fate.LostRequest, Fate.LostAnswer, Fate.Hang, Fate.Error, Fate.Busy];
    private static readonly Fate[] Down = [Fate.Refused, Fate.Refused, Fate.Refused, Fate.LostRequest, Fate.Error];
    private static readonly Fate[] Odd = [Fate.Done, Fate.Busy, Fate.Rejected, Fate.Gone, Fate.Error, Fate.LostAnswer, Fate.Nonsense];

    public static Fate Of(Weather weather, double roll)
    {
        Fate[] all = weather switch { Weather.Flaky => Flaky, Weather.Down => Down, Weather.Odd => Odd, _ => [Fate.Done] };
        return all[(int)(roll * all.Length)];
    }

    /// <summary>The status that the coordinator sees, if it sees an answer.</summary>
    public static int? Status(this Fate fate) => fate switch
    {
        Fate.Done or Fate.Nonsense => 200,
        Fate.Error => 500,
        Fate.Busy => 503,
        Fate.Rejected => 422,
        Fate.Gone => 410,
        _ => null,
    };

    /// <summary>Whether the receiver has it.</summary>
    public static bool Arrives(this Fate fate) => fate is not (Fate.Refused or Fate.LostRequest);

    /// <summary>Whether the consumer has done its work.</summary>
    public static bool IsHandled(this Fate fate) => fate is Fate.Done or Fate.Nonsense or Fate.LostAnswer or Fate.Hang;

    /// <summary>Whether the coordinator learns that it was done.</summary>
    public static bool IsAcknowledged(this Fate fate) => fate is Fate.Done or Fate.Nonsense;
}
