using TxMsg.Client.Coordinator;

namespace TxMsg.Client.Testing;

/// <summary>Which messages are stored: the coordinator's rules, and those of the message itself.</summary>
internal static class StoreRules
{
    private const int MaxPayloadBytes = 256 * 1024;
    private const double MaxCheckBackAfterSeconds = 2_592_000;

    /// <exception cref="CoordinatorRefusedException">Something is wrong with the message, or its producer is not registered.</exception>
    public static ProducerEntry Check(string producer, Message message, IReadOnlyDictionary<string, ProducerEntry> producers)
    {
        if (message.Payload.Length > MaxPayloadBytes)
            throw new CoordinatorRefusedException(413, $"The payload is longer than {MaxPayloadBytes} bytes.");
        var errors = new FieldErrors();
        MessageRules.Check(message, errors);
        MessageRules.CheckSeconds("checkBackAfterSeconds", message.CheckBackAfter?.TotalSeconds, 0.001, MaxCheckBackAfterSeconds, errors);
        var found = producers.GetValueOrDefault(producer);
        if (string.IsNullOrEmpty(producer)) errors.Add("producer", "This field is required.");
        else if (found is null) errors.Add("producer", $"There is no producer {producer}. Register it with PUT /v1/producers/{{name}}.");
        if (!errors.IsEmpty) throw errors.ToRefusal();
        return found!;
    }
}
