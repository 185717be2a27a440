using System.Text.Json.Nodes;

namespace TxMsg.AcceptanceTests.Harness;

/// <summary>What happened to a message, oldest first.</summary>
public sealed class Timeline(Reply reply)
{
    public const string Prepared = "prepared";
    public const string CheckBack = "checkBack";
    public const string Committed = "committed";
    public const string Attempt = "deliveryAttempt";
    public const string OperatorAction = "operatorAction";

    public IReadOnlyList<JsonObject> Events { get; } = reply.List("events");

    public IReadOnlyList<string?> Kinds => [.. Events.Select(entry => entry.Text("kind"))];

    public IReadOnlyList<JsonObject> Of(string kind) => [.. Events.Where(entry => entry.Text("kind") == kind)];

    public override string ToString() => reply.Content;
}
