using System.Data.Common;

namespace TxMsg.Client.Consuming;

/// <summary>Handles a delivery once, in the transaction that also records it in the inbox. It neither commits nor rolls back.</summary>
/// <remarks>Let the database's exceptions out, and repeat no statement: a deadlock on SQL Server has rolled back everything, the inbox's row included,
/// and what is repeated then runs outside any transaction. The coordinator delivers again. <c>transaction.Connection</c> is null from then on, a
/// connection that was kept is not.</remarks>
/// <param name="message">The delivery.</param>
/// <param name="transaction">What its work must be done in to be done once, over <c>transaction.Connection</c>.</param>
/// <param name="cancellationToken">The coordinator no longer waits, or the application stops.</param>
public delegate Task<HandlingResult> DeliveryHandler(ReceivedMessage message, DbTransaction transaction, CancellationToken cancellationToken);

/// <summary>Handles a delivery whose payload is a value in JSON once, in the transaction that also records it in the inbox. It neither commits nor rolls back.</summary>
/// <remarks>Let the database's exceptions out, and repeat no statement: a deadlock on SQL Server has rolled back everything, the inbox's row included,
/// and what is repeated then runs outside any transaction. The coordinator delivers again. <c>transaction.Connection</c> is null from then on, a
/// connection that was kept is not.</remarks>
/// <param name="payload">The value.</param>
/// <param name="message">The delivery.</param>
/// <param name="transaction">What its work must be done in to be done once, over <c>transaction.Connection</c>.</param>
/// <param name="cancellationToken">The coordinator no longer waits, or the application stops.</param>
public delegate Task<HandlingResult> DeliveryHandler<in T>(T payload, ReceivedMessage message, DbTransaction transaction, CancellationToken cancellationToken);

/// <summary>Handles a delivery that may come again: nothing deduplicates before it.</summary>
/// <param name="message">The delivery.</param>
/// <param name="cancellationToken">The coordinator no longer waits, or the application stops.</param>
public delegate Task<HandlingResult> IdempotentHandler(ReceivedMessage message, CancellationToken cancellationToken);

/// <summary>Handles a delivery that may come again and whose payload is a value in JSON.</summary>
/// <param name="payload">The value.</param>
/// <param name="message">The delivery.</param>
/// <param name="cancellationToken">The coordinator no longer waits, or the application stops.</param>
public delegate Task<HandlingResult> IdempotentHandler<in T>(T payload, ReceivedMessage message, CancellationToken cancellationToken);
