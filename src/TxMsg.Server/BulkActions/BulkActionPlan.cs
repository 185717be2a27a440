using TxMsg.Contracts.Operations;

namespace TxMsg.Server.BulkActions;

/// <summary>A bulk action that may be asked for, its names resolved.</summary>
public sealed record BulkActionPlan(BulkActionKind Kind, BulkActionFilter Filter, long? SubscriptionId, long? ProducerId, int PerSecond);
