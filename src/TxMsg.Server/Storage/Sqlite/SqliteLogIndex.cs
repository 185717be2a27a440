using System.Buffers.Binary;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>What the shared index of the log (<c>-shm</c>) said when its last process ended. It is in the words of the machine that wrote it.</summary>
internal sealed class SqliteLogIndex
{
    // Two copies of the header, then how far the log has been copied back.
    private const int CopyLength = 48;
    private const int Length = (2 * CopyLength) + 4;

    private readonly byte[] bytes;

    private SqliteLogIndex(byte[] bytes) => this.bytes = bytes;

    /// <summary>So many frames were flushed and committed.</summary>
    public uint CommittedFrames => Word(16);

    /// <summary>Whether the database holds everything that the log held.</summary>
    public bool IsCopiedBack => Word(2 * CopyLength) >= CommittedFrames;

    /// <summary>Null when there is none, or when it was being written.</summary>
    public static SqliteLogIndex? Read(string path)
    {
        if (!File.Exists(path)) return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[Length];
        if (file.ReadAtLeast(bytes, Length, throwOnEndOfStream: false) < Length) return null;
        var index = new SqliteLogIndex(bytes);
        return index.IsWhole() ? index : null;
    }

    /// <summary>Whether it speaks of the log with this header.</summary>
    public bool IsOf(ReadOnlySpan<byte> logHeader) => bytes.AsSpan(32, 8).SequenceEqual(logHeader.Slice(16, 8));

    private bool IsWhole()
    {
        var copy = bytes.AsSpan(0, CopyLength);
        var sum = default(SqliteLogCheck.Checksum).Add(copy[..40], isBigEndian: !BitConverter.IsLittleEndian);
        return bytes[12] == 1 && copy.SequenceEqual(bytes.AsSpan(CopyLength, CopyLength)) && sum.First == Word(40) && sum.Second == Word(44);
    }

    private uint Word(int at) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
