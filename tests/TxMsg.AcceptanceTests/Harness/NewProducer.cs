namespace TxMsg.AcceptanceTests.Harness;

/// <summary>The body of a producer's registration; what is null is left out.</summary>
public sealed record NewProducer(Uri CheckBackUrl)
{
    public int? CheckBackAfterSeconds { get; init; }

    public int? MaxUnknownAnswers { get; init; }

    public int? GiveUpAfterSeconds { get; init; }

    public string? Secret { get; init; }
}
