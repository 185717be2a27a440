namespace TxMsg.Client.Coordinator;

/// <summary>One call, as often as it is tried.</summary>
/// <param name="Name">What metrics and spans call it.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path behind a node's address.</param>
internal sealed record CoordinatorCall(string Name, HttpMethod Method, string Path)
{
    /// <summary>The JSON to send; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The message it is about, where it is about one.</summary>
    public Guid? MessageId { get; init; }
}
