namespace TxMsg.Server.Hosting;

/// <summary>The server cannot start as it is configured; the message is one clear line for the operator.</summary>
public sealed class StartException(string message) : Exception(message);
