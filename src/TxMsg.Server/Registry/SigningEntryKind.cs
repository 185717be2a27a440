namespace TxMsg.Server.Registry;

/// <summary>What differs between the kinds of entries that have a signing secret: their statements, and the audit's words.</summary>
/// <param name="Find">The statement that finds and locks the row of a name.</param>
/// <param name="Insert">The statement that makes it.</param>
/// <param name="Update">The statement that changes all but the secret.</param>
/// <param name="RotateSecret">The statement that changes the secret.</param>
/// <param name="Created">The audit's word for making it.</param>
/// <param name="Changed">The audit's word for changing it.</param>
/// <param name="Rotated">The audit's word for a new secret.</param>
/// <param name="IsProducer">Whether the audit's subject is a producer, else a subscription.</param>
public sealed record SigningEntryKind(string Find, string Insert, string Update, string RotateSecret, string Created, string Changed, string Rotated, bool IsProducer);
