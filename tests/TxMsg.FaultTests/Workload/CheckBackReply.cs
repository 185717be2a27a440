namespace TxMsg.FaultTests.Workload;

/// <summary>How a producer answers when it is asked about a message.</summary>
internal sealed record CheckBackReply(int Status, string Body)
{
    public TimeSpan Delay { get; init; }

    public static CheckBackReply Verdict(string verdict) => new(200, $$"""{"verdict":"{{verdict}}"}""");

    /// <summary>What the barrier of the SDK answers: a message that it knows nothing of can never commit any more.</summary>
    public static CheckBackReply Truthful(MessageRecord? message) => Verdict(message?.Truth switch
    {
        Truth.Open => Verdicts.Unknown,
        Truth.MustArrive => Verdicts.Commit,
        _ => Verdicts.Rollback,
    });
}
