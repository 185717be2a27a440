using System.Collections.Concurrent;
using TxMsg.Server.Storage.GroupCommit;

namespace TxMsg.Server.Tests.Storage.GroupCommit;

/// <summary>Writes notes, and does to each transaction what the test says.</summary>
internal sealed class NoteStep : WriteStep<Note>
{
    private static readonly BatchStatement<Note> AddNote = new(
        "AddDataProtectionKey", "", [new("name", BatchColumnType.Text), new("xml", BatchColumnType.Text)],
        static (note, write) =>
        {
            write.Text(note.Name);
            write.Text(note.Text);
        });

    public Action<IReadOnlyList<Note>> After { get; set; } = static _ => { };

    public ConcurrentQueue<string[]> Sets { get; } = new();

    public ConcurrentQueue<string[]> RolledBack { get; } = new();

    protected override void Apply(WriteSession session, IReadOnlyList<Note> operations)
    {
        Sets.Enqueue(operations.Select(note => note.Name).ToArray());
        session.Execute(AddNote, operations);
        session.Count("notes", operations.Count);
        foreach (var operation in operations) operation.Result = operations.Count;
        After(operations);
    }

    protected override void Rollback(IReadOnlyList<Note> operations) => RolledBack.Enqueue(operations.Select(note => note.Name).ToArray());
}
