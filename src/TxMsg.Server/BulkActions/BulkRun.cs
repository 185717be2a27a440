namespace TxMsg.Server.BulkActions;

/// <summary>How far a bulk action is: what an operator reads beside its job.</summary>
/// <param name="State">Its state.</param>
/// <param name="Total">How many there were.</param>
/// <param name="Done">How many it was done to.</param>
/// <param name="Skipped">How many needed nothing any more.</param>
/// <param name="Failed">How many it was tried for in vain.</param>
public sealed record BulkRun(string State, long Total, long Done, long Skipped, long Failed);
