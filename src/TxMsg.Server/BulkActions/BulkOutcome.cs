namespace TxMsg.Server.BulkActions;

/// <summary>What came of some items.</summary>
/// <param name="Examined">How many were taken on.</param>
/// <param name="Done">How many it was done to, where that is not counted in the transactions that do it.</param>
/// <param name="Failed">How many it was tried for in vain.</param>
public readonly record struct BulkOutcome(int Examined, int Done = 0, int Failed = 0);
