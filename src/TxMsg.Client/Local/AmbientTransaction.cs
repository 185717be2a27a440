using System.Transactions;

namespace TxMsg.Client.Local;

/// <summary>The transaction of a <see cref="TransactionScope"/>, in which a connection takes part without being told to: there a local transaction's
/// commit decides nothing, and the scope may still roll it back.</summary>
internal static class AmbientTransaction
{
    /// <summary>Refuses to go on inside one.</summary>
    /// <param name="reason">What happens outside any ambient transaction, and why.</param>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    public static void Refuse(string reason)
    {
        if (Transaction.Current is not null) throw new InvalidOperationException(reason);
    }
}
