using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Producing.LocalMessages;

/// <summary>What the coordinator would refuse whatever it is asked is refused before it is written: the caller can still mend it.</summary>
internal static class LocalMessageRules
{
    /// <exception cref="ArgumentException">It says which values are wrong.</exception>
    public static void Check(Message message, int maxPayloadBytes)
    {
        var errors = new FieldErrors();
        MessageRules.Check(message, errors);
        errors.AddIf(
            message.Payload.Length > maxPayloadBytes, "payload",
            $"It has {message.Payload.Length} bytes, and {nameof(LocalMessageOptions)}.{nameof(LocalMessageOptions.MaxPayloadBytes)} is {maxPayloadBytes}.");
        if (!errors.IsEmpty) throw new ArgumentException($"The message cannot be enqueued: {errors}", nameof(message));
    }
}
