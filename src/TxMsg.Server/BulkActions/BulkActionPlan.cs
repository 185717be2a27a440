using TxMsg.Contracts.Operations;

namespace TxMsg.Server.BulkActions;

/// <summary>A bulk action that may be asked for, its names resolved.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Filter">To which messages.</param>
/// <param name="SubscriptionId">The filter's subscription.</param>
/// <param name="ProducerId">The filter's producer.</param>
/// <param name="PerSecond">At most so many a second.</param>
/// <param name="Counted">What was counted before; null: nobody has counted.</param>
public sealed record BulkActionPlan(BulkActionKind Kind, BulkActionFilter Filter, long? SubscriptionId, long? ProducerId, int PerSecond, BulkActionCount? Counted);
