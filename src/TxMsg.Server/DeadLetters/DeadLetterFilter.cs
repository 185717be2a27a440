namespace TxMsg.Server.DeadLetters;

/// <summary>Which dead letters: those that failed alike.</summary>
public sealed class DeadLetterFilter(string? error, int? lastStatus)
{
    private readonly string? text = error is null ? null : ErrorText.Normalize(error);

    /// <summary>All of them.</summary>
    public static DeadLetterFilter None { get; } = new(null, null);

    /// <summary>Whether every dead letter matches.</summary>
    public bool IsEmpty => text is null && lastStatus is null;

    /// <summary>Whether the error is asked for.</summary>
    public bool HasError => text is not null;

    /// <summary>Whether a dead letter is meant.</summary>
    public bool Matches(int? status, string? error) =>
        (lastStatus is null || status == lastStatus) && (text is null || ErrorText.Normalize(error) == text);
}
