using System.Runtime.InteropServices;
using SQLitePCL;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>The calls to the engine that are made for every value and row: some 800,000 a second. The provider's own count references
/// on the statement's handle in each of them, which costs more than the call.</summary>
/// <remarks>Whoever calls keeps the statement alive. Those that neither wait nor touch a file are called without telling the
/// garbage collector.</remarks>
internal static class SqliteEngine
{
    private const string Library = "e_sqlite3";

    // The engine copies what it is given.
    private const nint Transient = -1;

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "sqlite3_bind_int64")]
    public static extern int BindInt64(nint statement, int index, long value);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "sqlite3_bind_null")]
    public static extern int BindNull(nint statement, int index);

    [DllImport(Library, EntryPoint = "sqlite3_step")]
    public static extern int Step(nint statement);

    [DllImport(Library, EntryPoint = "sqlite3_reset")]
    public static extern int Reset(nint statement);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "sqlite3_column_type")]
    public static extern int ColumnType(nint statement, int column);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "sqlite3_column_int64")]
    public static extern long ColumnInt64(nint statement, int column);

    /// <summary>Binds text in UTF-8.</summary>
    public static int BindText(nint statement, int index, ReadOnlySpan<byte> utf8) =>
        BindText(statement, index, in Reference(utf8), utf8.Length, Transient);

    /// <summary>Binds bytes; none are an empty value, not null.</summary>
    public static int BindBlob(nint statement, int index, ReadOnlySpan<byte> bytes) =>
        BindBlob(statement, index, in Reference(bytes), bytes.Length, Transient);

    // Null would be the SQL value; where it points does not matter when nothing is read.
    private static ref readonly byte Reference(ReadOnlySpan<byte> bytes) =>
        ref MemoryMarshal.GetReference(bytes.IsEmpty ? "\0"u8 : bytes);

    [DllImport(Library, EntryPoint = "sqlite3_bind_text")]
    private static extern int BindText(nint statement, int index, in byte utf8, int length, nint release);

    [DllImport(Library, EntryPoint = "sqlite3_bind_blob")]
    private static extern int BindBlob(nint statement, int index, in byte bytes, int length, nint release);
}
