using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using TxMsg.Server.Storage.Sqlite;
using TxMsg.Server.Tests.Hosted;

namespace TxMsg.Server.Tests.Storage.Sqlite;

/// <summary>Logs as a crash leaves them: copied while the database is open.</summary>
public sealed class SqliteLogCheckTests
{
    private const int HeaderLength = 32;
    private const int FrameLength = 24 + 4096;

    private TestFolder folder = null!;
    private SqliteConnection connection = null!;

    private string Left => Path.Combine(folder.Path, "left.db");

    [SetUp]
    public void Open()
    {
        folder = new TestFolder();
        connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "live.db")};Pooling=False");
        connection.Open();
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = FULL");
        Run("PRAGMA wal_autocheckpoint = 0");
        Run("CREATE TABLE t (id INTEGER PRIMARY KEY, filler BLOB)");
        for (var i = 0; i < 5; i++) Run("INSERT INTO t (filler) VALUES (randomblob(9000))");
    }

    [TearDown]
    public void Close()
    {
        connection.Dispose();
        folder.Dispose();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void FindDamage_InAWholeLog_FindsNone(bool withIndex)
    {
        Crash(withIndex);

        SqliteLogCheck.FindDamage(Left).Should().BeNull();
    }

    [Test]
    public void FindDamage_WithoutALog_FindsNone() => SqliteLogCheck.FindDamage(Left).Should().BeNull();

    [Test]
    public void FindDamage_WithTheIndex_FindsEveryBitThatTurnedOver()
    {
        var log = Crash(withIndex: true);
        for (var place = 3; place < log.Length; place += 457) ShouldFindABit(log, place);
    }

    [Test]
    public void FindDamage_WithoutTheIndex_FindsABitInAnyButTheLastTransaction()
    {
        var log = Crash(withIndex: false);
        for (var place = 3; place < BeforeTheLastTransaction(log); place += 457) ShouldFindABit(log, place);
    }

    [Test]
    public void FindDamage_WithTheIndex_FindsThatTheEndIsMissing()
    {
        var log = Crash(withIndex: true);
        foreach (var length in new[] { 0, 10, HeaderLength, HeaderLength + 100, HeaderLength + FrameLength, log.Length - FrameLength, log.Length - 1 })
        {
            File.WriteAllBytes(Left + "-wal", log[..length]);
            SqliteLogCheck.FindDamage(Left).Should().NotBeNull("the log of {0} bytes was cut to {1}", log.Length, length);
        }
    }

    [Test]
    public void FindDamage_InATransactionThatWasNeverFlushed_FindsNone()
    {
        var log = Crash(withIndex: false);
        for (var cut = BeforeTheLastTransaction(log); cut < log.Length; cut += 512)
        {
            // A sector that never reached the disk, and everything behind it that did.
            var torn = log.ToArray();
            Array.Clear(torn, cut, Math.Min(512, torn.Length - cut));
            File.WriteAllBytes(Left + "-wal", torn);
            SqliteLogCheck.FindDamage(Left).Should().BeNull("a loss of power leaves this, {0} of {1}", cut, log.Length);
        }
    }

    [Test]
    public void FindDamage_InALogThatBeganAnew_TakesNoOldPageForLost()
    {
        Run("PRAGMA wal_checkpoint(PASSIVE)");
        Run("INSERT INTO t (filler) VALUES (randomblob(10))");
        Crash(withIndex: true);

        SqliteLogCheck.FindDamage(Left).Should().BeNull();
    }

    [Test]
    public void FindDamage_BehindATransactionThatWasRolledBack_FindsNone()
    {
        Run("PRAGMA cache_size = 2");
        Run("BEGIN; INSERT INTO t (filler) VALUES (randomblob(200000)); ROLLBACK");
        Run("INSERT INTO t (filler) VALUES (randomblob(10))");
        foreach (var withIndex in new[] { true, false })
        {
            Crash(withIndex);
            SqliteLogCheck.FindDamage(Left).Should().BeNull();
        }
    }

    [Test]
    public void FindDamage_OfAnIndexThatSpeaksOfAnotherLog_FindsNone()
    {
        var index = Read("live.db-shm");
        Run("PRAGMA wal_checkpoint(PASSIVE)");
        Run("INSERT INTO t (filler) VALUES (randomblob(10))");
        Crash(withIndex: false);
        File.WriteAllBytes(Left + "-shm", index);

        SqliteLogCheck.FindDamage(Left).Should().BeNull("a loss of power may keep an old index");
    }

    private void ShouldFindABit(byte[] log, int place)
    {
        var damaged = log.ToArray();
        damaged[place] ^= 0x10;
        File.WriteAllBytes(Left + "-wal", damaged);
        SqliteLogCheck.FindDamage(Left).Should().NotBeNull("byte {0} of {1} was changed", place, log.Length);
    }

    // Its commit is the last frame; the one before it ended with a commit, too.
    private static int BeforeTheLastTransaction(byte[] log)
    {
        for (var frame = (log.Length - HeaderLength) / FrameLength - 2; ; frame--)
        {
            var start = HeaderLength + (frame * FrameLength);
            if (log.AsSpan(start + 4, 4).ContainsAnyExcept((byte)0)) return start + FrameLength;
        }
    }

    private byte[] Crash(bool withIndex)
    {
        var log = Read("live.db-wal");
        File.WriteAllBytes(Left + "-wal", log);
        File.Delete(Left + "-shm");
        if (withIndex) File.WriteAllBytes(Left + "-shm", Read("live.db-shm"));
        return log;
    }

    private byte[] Read(string name)
    {
        using var file = new FileStream(Path.Combine(folder.Path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
