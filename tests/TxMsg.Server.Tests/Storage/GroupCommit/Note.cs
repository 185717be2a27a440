using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

/// <summary>A write that leaves one row; without a text the store refuses it.</summary>
internal sealed class Note(string name, string? text = "text", int size = 256) : WriteOperation<int>
{
    public string Name { get; } = name;

    public string? Text { get; } = text;

    public override int Size { get; } = size;

    public override object Row => Name;
}
