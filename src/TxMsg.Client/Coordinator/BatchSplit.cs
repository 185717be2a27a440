namespace TxMsg.Client.Coordinator;

/// <summary>Splits what is sent together into batches that the coordinator takes.</summary>
internal static class BatchSplit
{
    /// <summary>Most items of a batch.</summary>
    public const int MaxItems = 1000;

    // The coordinator takes bodies of 32 MiB; base64 makes three bytes four.
    private const int MaxBytes = 20 * 1024 * 1024;

    // Every other field at its longest, and the names of all.
    private const int BytesBeside = 4096;

    /// <summary>Batches of at most 1,000 messages and 20 MiB (or one message), in the messages' order.</summary>
    public static IEnumerable<IReadOnlyList<Message>> Of(IReadOnlyList<Message> messages)
    {
        var part = new List<Message>(Math.Min(messages.Count, MaxItems));
        var bytes = 0L;
        foreach (var message in messages)
        {
            if (part.Count == MaxItems || (part.Count > 0 && bytes + SizeOf(message) > MaxBytes))
            {
                yield return part;
                part = [];
                bytes = 0;
            }

            part.Add(message);
            bytes += SizeOf(message);
        }

        if (part.Count > 0) yield return part;
    }

    private static long SizeOf(Message message) =>
        message.Payload.Length + BytesBeside + (message.Headers?.Sum(header => header.Key.Length + header.Value.Length) ?? 0);
}
