namespace TxMsg.Contracts;

/// <summary>The states of a message, as they stand in JSON. <c>prepared</c> -&gt; <c>committed</c> | <c>rolledBack</c>;
/// <c>prepared</c> -&gt; <c>parked</c> -&gt; <c>committed</c> | <c>rolledBack</c>.</summary>
public static class MessageStates
{
    /// <summary>A half message whose verdict is not known; never delivered.</summary>
    public const string Prepared = "prepared";

    /// <summary>A half message whose check-backs are exhausted; it waits for a late verdict or an operator.</summary>
    public const string Parked = "parked";

    /// <summary>The producer's local transaction committed; the message is delivered to every subscriber.</summary>
    public const string Committed = "committed";

    /// <summary>The producer's local transaction rolled back; the message is never delivered.</summary>
    public const string RolledBack = "rolledBack";
}
