namespace TxMsg.Server.Transactions;

/// <summary>A message was read from the store as nobody sent it.</summary>
public sealed class DamagedContentException(Guid id)
    : Exception($"Message {id} does not fit its checksum: the store is damaged. Restore it from a backup.");
