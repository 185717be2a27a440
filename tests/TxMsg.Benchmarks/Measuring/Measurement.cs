using TxMsg.Benchmarks.Driving;

namespace TxMsg.Benchmarks.Measuring;

/// <summary>One driver, one server at one number of connections in one round.</summary>
/// <param name="Driver">The kind's name.</param>
/// <param name="Server">The target's name.</param>
/// <param name="AppendFlushMilliseconds">A bare append and flush just before and after; only beside one connection.</param>
internal sealed record Measurement(
    string Driver, string Server, int Connections, int Round, DriveResult Drive, ServerCost Cost, double? AppendFlushMilliseconds);
