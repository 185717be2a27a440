namespace TxMsg.FaultTests.Recording;

/// <summary>What the producer knows of a message, and the coordinator has to agree with in the end.</summary>
internal enum Truth
{
    /// <summary>Its local transaction is still open: a check-back is answered <c>unknown</c>.</summary>
    Open,

    /// <summary>The half message was acknowledged and the local transaction committed, or an ordinary message was acknowledged.</summary>
    MustArrive,

    /// <summary>The local transaction was rolled back, or never ran because the half message was not acknowledged.</summary>
    MustNotArrive,

    /// <summary>An ordinary message whose send got no answer: it may be there or not.</summary>
    MayArrive,
}
