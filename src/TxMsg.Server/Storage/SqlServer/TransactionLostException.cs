using System.Data.Common;

namespace TxMsg.Server.Storage.SqlServer;

/// <summary>The server has ended the transaction by itself, or its connection, without telling which statement failed: nothing of it is stored,
/// and it is run again.</summary>
internal sealed class TransactionLostException(Exception inner) : DbException("The transaction was ended by the server.", inner);
