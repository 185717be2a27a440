namespace TxMsg.Benchmarks.Ledger;

/// <summary>What the ledger says about a delivery that arrived.</summary>
internal enum DeliveryVerdict
{
    /// <summary>The first delivery of a message whose commit was sent.</summary>
    Expected,

    /// <summary>A message that had been delivered already.</summary>
    Duplicate,

    /// <summary>A message that was never sent, or whose commit was not sent yet.</summary>
    Invented,
}
