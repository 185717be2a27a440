namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>What the coordinator would refuse whatever it is asked is refused before it is written: the caller can still mend it.</summary>
internal static class LocalMessageRules
{
    public const int MaxTextLength = 256;
    private const int MaxHeaders = 32;
    private const int MaxHeaderName = 64;
    private const int MaxHeaderValue = 2048;
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(365);

    /// <exception cref="ArgumentException">It says which value is wrong.</exception>
    public static void Check(Message message)
    {
        if (string.IsNullOrEmpty(message.Topic)) throw Wrong(nameof(message.Topic), "is missing");
        CheckText(nameof(message.Topic), message.Topic);
        CheckText(nameof(message.Key), message.Key);
        CheckText(nameof(message.Tag), message.Tag);
        CheckText(nameof(message.OrderingKey), message.OrderingKey);
        CheckText(nameof(message.ContentType), message.ContentType);
        if (message.Delay is { } delay && (delay < TimeSpan.Zero || delay > MaxDelay)) throw Wrong(nameof(message.Delay), $"is not within 0 and {MaxDelay.Days} days");
        if (message.Headers is not { } headers) return;
        if (headers.Count > MaxHeaders) throw Wrong(nameof(message.Headers), $"has more than {MaxHeaders}");
        foreach (var (name, value) in headers)
        {
            if (name.Length is 0 or > MaxHeaderName || value.Length > MaxHeaderValue)
                throw Wrong(nameof(message.Headers), $"has '{name}': names have 1 to {MaxHeaderName} characters and values at most {MaxHeaderValue}");
        }
    }

    private static void CheckText(string property, string? text)
    {
        if (text is { Length: 0 or > MaxTextLength }) throw Wrong(property, $"needs 1 to {MaxTextLength} characters");
    }

    private static ArgumentException Wrong(string property, string problem) => new($"The message cannot be enqueued: its {property} {problem}.", "message");
}
