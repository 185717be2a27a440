namespace TxMsg.Server.BulkActions;

/// <summary>One that a bulk action is about.</summary>
/// <param name="Position">Its place: everything up to it has been looked at when it has been taken on.</param>
/// <param name="DeliveryId">A dead letter's delivery; 0 for one that is none any more.</param>
/// <param name="MessageId">An undecided message.</param>
public readonly record struct BulkItem(long Position, long DeliveryId, Guid MessageId);

/// <summary>Some of those that a bulk action is about.</summary>
/// <param name="Items">Those that are meant, in order.</param>
/// <param name="Position">Everything up to here has been looked at.</param>
/// <param name="IsLast">Whether nothing comes after it.</param>
public sealed record BulkPage(IReadOnlyList<BulkItem> Items, long Position, bool IsLast);
