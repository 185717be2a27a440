namespace TxMsg.Benchmarks.CommandLine;

/// <summary>When a measurement stops starting transactions: at whichever of the two is reached first.</summary>
internal sealed record DriveLimits(int Transactions, TimeSpan Duration)
{
    private const int MostTransactions = 20_000_000;
    private const int MostSeconds = 3600;

    public static DriveLimits From(Arguments arguments, int defaultSeconds = 10)
    {
        var transactions = arguments.Number("transactions", MostTransactions, 1, MostTransactions);
        var seconds = arguments.Number("seconds", arguments.Has("transactions") ? MostSeconds : defaultSeconds, 1, MostSeconds);
        return new DriveLimits(transactions, TimeSpan.FromSeconds(seconds));
    }
}
