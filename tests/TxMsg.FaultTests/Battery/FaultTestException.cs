namespace TxMsg.FaultTests.Battery;

/// <summary>A fault could not be brought about, or what had to happen did not happen in its time.</summary>
internal sealed class FaultTestException(string message, Exception? inner = null) : Exception(message, inner);
