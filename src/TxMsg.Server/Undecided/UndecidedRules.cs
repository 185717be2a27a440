namespace TxMsg.Server.Undecided;

/// <summary>What may be asked about undecided messages.</summary>
internal static class UndecidedRules
{
    /// <summary>Ten years.</summary>
    public const double MaxAgeSeconds = 3650 * 86_400.0;

    /// <summary>What is wrong with a parameter that was not understood.</summary>
    public static string Wrong(string name, string text) => name switch
    {
        "state" => "One of prepared, parked.",
        "producer" => $"There is no producer {text}.",
        "olderThanSeconds" => $"A number from 0 to {MaxAgeSeconds}.",
        "pastFirstCheck" => "true or false.",
        "limit" => $"A whole number from 1 to {UndecidedQuery.MaxLimit}.",
        "cursor" => "This is not a cursor of this list.",
        _ => "This parameter is not known.",
    };
}
