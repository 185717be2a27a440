namespace TxMsg.FaultTests.Faults.Network;

/// <summary>What happens on a way.</summary>
internal enum Weather
{
    /// <summary>Everything passes.</summary>
    Fair,

    /// <summary>Nothing passes in either direction, and nobody is told.</summary>
    Partitioned,

    /// <summary>Half open: requests pass, answers do not.</summary>
    AnswersHeld,

    /// <summary>Every connection is reset, and none can be made.</summary>
    Refused,

    /// <summary>Connections are made, and reset after some bytes, wherever that is.</summary>
    Cut,
}
