namespace TxMsg.Benchmarks.CommandLine;

/// <summary>The command line asks for something that does not exist; the message says what.</summary>
public sealed class UsageException(string message) : Exception(message);
