namespace TxMsg.Benchmarks.Reporting;

/// <param name="Driver">The one whose measurements the value was taken from, and no other's.</param>
/// <param name="What">The quantity, as a reader would name it.</param>
/// <param name="Value">The median over the rounds of the ratio within each round.</param>
/// <param name="Goal">As text; empty where only the number is wanted.</param>
/// <param name="Met">Null where there is no goal.</param>
internal sealed record GoalRow(string Driver, string What, int Connections, double Value, string Goal, bool? Met);
