namespace TxMsg.FaultTests.Recording;

/// <summary>One delivery as it reached a consumer.</summary>
/// <param name="Consumer">The consumer's place in the recorder's list.</param>
/// <param name="Attempt">What the request said of itself (<c>ce-txmsgattempt</c>).</param>
/// <param name="Answered">Whether a 2xx was sent whole; false for a failure, a refusal and an answer that was cut off.</param>
internal readonly record struct Arrival(byte Consumer, ushort Attempt, bool Answered, long AtTicks)
{
    public DateTimeOffset At => new(AtTicks, TimeSpan.Zero);
}
