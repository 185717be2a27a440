namespace TxMsg.Server.Deliveries;

/// <summary>One try of a delivery.</summary>
/// <param name="Number">1, 2, ...</param>
/// <param name="At">When it began, in Unix milliseconds.</param>
/// <param name="Endpoint">Where it went.</param>
/// <param name="Outcome">What became of it, told apart by where it failed.</param>
/// <param name="Status">The HTTP status, if there was an answer.</param>
/// <param name="LatencyMs">How long it took, in milliseconds.</param>
/// <param name="Error">What went wrong.</param>
public sealed record DeliveryAttempt(int Number, long At, string Endpoint, string Outcome, int? Status, long LatencyMs, string? Error);
