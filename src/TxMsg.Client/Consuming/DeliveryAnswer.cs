namespace TxMsg.Client.Consuming;

/// <summary>What to answer the coordinator.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="RetryAfter">The header <c>Retry-After</c>, in whole seconds.</param>
/// <param name="Detail">The body, as plain text; the coordinator shows its first 512 characters to the operator.</param>
public readonly record struct DeliveryAnswer(int Status, int? RetryAfter = null, string? Detail = null)
{
    internal static DeliveryAnswer Acknowledged => new(204);

    internal static DeliveryAnswer Failed => new(500, Detail: "The handler failed; its work was rolled back.");

    // Neither this nor the next has a Retry-After: the coordinator obeys it in the schedule's place and counts the attempt all the same, so that
    // a healthy delivery would be a dead letter in minutes where the schedule has hours.
    internal static DeliveryAnswer Busy => new(503, Detail: "Another delivery of this message is being handled, or the database is busy.");

    internal static DeliveryAnswer Stopping => new(503, Detail: "The consumer is stopping.");

    internal static DeliveryAnswer Of(HandlingResult result) => result.Kind switch
    {
        HandlingResultKind.Acknowledge => Acknowledged,
        HandlingResultKind.Reject => new DeliveryAnswer(422, Detail: result.Reason),
        _ when result.Delay is { } delay => new DeliveryAnswer(503, (int)Math.Ceiling(delay.TotalSeconds), "The handler asks for a retry."),
        _ => new DeliveryAnswer(500, Detail: "The handler asks for a retry."),
    };
}
