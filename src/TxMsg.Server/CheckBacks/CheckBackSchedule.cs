using TxMsg.Server.Registry;
using TxMsg.Server.Transactions;

namespace TxMsg.Server.CheckBacks;

/// <summary>When to ask again, and when to give up.</summary>
public static class CheckBackSchedule
{
    private const double Jitter = 0.1;

    // For the store: to claim, and to record what came of it.
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(5);

    /// <summary>For how long a claimed message, and a running job, is its node's alone: so soon after that node's death another
    /// takes over. A claim waits for at most one timeout until a check-back under way makes room, and asks for at most one more.</summary>
    public static TimeSpan Lease(CheckBackOptions options) => 2 * options.Timeout + LeaseMargin;

    /// <summary>The pause after a check-back: from <see cref="CheckBackOptions.MinBackoff"/>, doubling each time up to
    /// <see cref="CheckBackOptions.MaxBackoff"/>, with +-10 % jitter.</summary>
    /// <param name="checkBacks">How many there were: 1 or more.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="random">0 to 1: where in the jitter.</param>
    public static TimeSpan PauseAfter(int checkBacks, CheckBackOptions options, double random)
    {
        var doubled = options.MinBackoff.TotalSeconds * Math.Pow(2, Math.Min(checkBacks - 1, 40));
        var capped = Math.Min(doubled, options.MaxBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(capped * (1 - Jitter + 2 * Jitter * random));
    }

    /// <summary>When to ask again, in Unix milliseconds: after the pause, but no later than when time runs out.</summary>
    public static long NextAfter(OverdueMessage message, Producer producer, CheckBackOptions options, DateTimeOffset afterPause)
    {
        var end = EndOf(message, producer, options);
        return (afterPause < end ? afterPause : end).ToUnixTimeMilliseconds();
    }

    /// <summary>The state after an answer that is no verdict. Only <c>unknown</c> counts against the number of answers; time
    /// runs out for both.</summary>
    public static MessageState StateAfter(OverdueMessage message, CheckBackAnswer answer, Producer? producer, CheckBackOptions options, DateTimeOffset now)
    {
        var unknownAnswers = message.UnknownAnswers + (answer == CheckBackAnswer.Unknown ? 1 : 0);
        var exhausted = unknownAnswers >= (producer?.MaxUnknownAnswers ?? options.MaxUnknownAnswers) || now >= EndOf(message, producer, options);
        return exhausted ? MessageStateMachine.Park(message.MessageState) : message.MessageState;
    }

    private static DateTimeOffset EndOf(OverdueMessage message, Producer? producer, CheckBackOptions options) =>
        DateTimeOffset.FromUnixTimeMilliseconds(message.PreparedAt) + (producer?.GiveUpAfter ?? options.GiveUpAfter);
}
