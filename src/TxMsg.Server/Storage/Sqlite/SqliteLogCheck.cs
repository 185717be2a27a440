using System.Buffers.Binary;

namespace TxMsg.Server.Storage.Sqlite;

/// <summary>Looks for damage in a log that an earlier process left, before the engine opens it. The engine takes the first page that
/// does not fit its checksum for the end of the log, as it must after a loss of power, and drops what was committed behind it without
/// a word. Here a broken page is damage when something proves that a flush was behind it.</summary>
/// <remarks>Proofs, none of which a crash or a loss of power can leave: a transaction that goes on from a commit behind the broken
/// page (each was flushed before the next began); the shared index names more committed pages than the log still holds (it is written
/// after the flush); a header that is neither valid nor empty (it lies in one sector and is flushed before the pages).
/// What is left open is the last transaction, when the index is gone as well: it looks like one that was never flushed.</remarks>
internal sealed class SqliteLogCheck
{
    private const int HeaderLength = 32;
    private const int FrameHeaderLength = 24;
    private const uint Magic = 0x377f0682;

    private readonly FileStream log;
    private readonly byte[] header;
    private readonly byte[] frame;
    private readonly bool isBigEndian;
    private readonly SqliteLogIndex? index;

    private SqliteLogCheck(FileStream log, byte[] header, SqliteLogIndex? index)
    {
        (this.log, this.header, this.index) = (log, header, index);
        isBigEndian = (BinaryPrimitives.ReadUInt32BigEndian(header) & 1) != 0;
        frame = new byte[FrameHeaderLength + (int)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8))];
    }

    /// <summary>What is wrong with the log of a database that nobody has open, or null.</summary>
    public static string? FindDamage(string databasePath)
    {
        var path = databasePath + "-wal";
        if (!File.Exists(path)) return null;
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 20, FileOptions.SequentialScan);
        var index = SqliteLogIndex.Read(databasePath + "-shm");
        var header = new byte[HeaderLength];
        var read = log.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (IsValid(header) && read == HeaderLength) return new SqliteLogCheck(log, header, index).FindDamage();
        if (index is { IsCopiedBack: false }) return "its log has lost committed pages";
        return header.AsSpan().ContainsAnyExcept((byte)0) ? "the header of its log does not fit its checksum" : null;
    }

    private string? FindDamage()
    {
        var sum = Sum(header, 24);
        uint good = 0;
        uint number = 0;
        while (ReadFrame())
        {
            number++;
            var next = Continue(sum);
            if (!IsOfThisLog() || StoredSum() != next) return Broken(number, good, next);
            if (IsCommit()) good = number;
            sum = next;
        }

        return Missing(good);
    }

    // What the broken frame ought to have summed up to counts as well as what it says: the damage may be in its sum.
    private string? Broken(uint number, uint good, Checksum expected)
    {
        if (Missing(good) is { } missing) return missing;
        var (before, isCommit) = (StoredSum(), IsCommit());
        while (ReadFrame())
        {
            if (isCommit && IsOfThisLog() && (StoredSum() == Continue(before) || StoredSum() == Continue(expected)))
                return $"page {number} of its log does not fit its checksum, and committed pages follow";
            (before, isCommit) = (StoredSum(), IsCommit());
            expected = before;
        }

        return null;
    }

    private string? Missing(uint good) =>
        index is not null && index.IsOf(header) && index.CommittedFrames > good ? $"its log holds {good} committed pages of {index.CommittedFrames}" : null;

    private bool ReadFrame() => log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length;

    private bool IsOfThisLog() => frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8));

    private bool IsCommit() => BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) != 0;

    private Checksum StoredSum() => Checksum.Read(frame.AsSpan(16));

    private Checksum Continue(Checksum sum) => sum.Add(frame.AsSpan(0, 8), isBigEndian).Add(frame.AsSpan(FrameHeaderLength), isBigEndian);

    private static Checksum Sum(ReadOnlySpan<byte> header, int length) =>
        default(Checksum).Add(header[..length], (BinaryPrimitives.ReadUInt32BigEndian(header) & 1) != 0);

    private static bool IsValid(ReadOnlySpan<byte> header) =>
        (BinaryPrimitives.ReadUInt32BigEndian(header) & ~1u) == Magic && Sum(header, 24) == Checksum.Read(header[24..])
        && BinaryPrimitives.ReadUInt32BigEndian(header[8..]) is >= 512 and <= 65536;

    /// <summary>The engine's own checksum over pairs of 32-bit words.</summary>
    internal readonly record struct Checksum(uint First, uint Second)
    {
        public static Checksum Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));

        public Checksum Add(ReadOnlySpan<byte> bytes, bool isBigEndian)
        {
            var (first, second) = (First, Second);
            for (; bytes.Length >= 8; bytes = bytes[8..])
            {
                first += (isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)) + second;
                second += (isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) + first;
            }

            return new Checksum(first, second);
        }
    }
}
