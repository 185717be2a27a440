using FluentAssertions;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using SQLitePCL;
using TxMsg.Server.Storage.GroupCommit;
using TxMsg.Server.Storage.Sqlite;

namespace TxMsg.Server.Tests.Storage.Sqlite;

public sealed class SqliteStatementTests
{
    private static readonly BatchColumn[] Columns =
        [new("id", BatchColumnType.Int64), new("text", BatchColumnType.Text), new("blob", BatchColumnType.Binary), new("small", BatchColumnType.Int32)];

    private sqlite3 handle = null!;

    [SetUp]
    public void Open()
    {
        Batteries_V2.Init();
        raw.sqlite3_open(":memory:", out handle);
        raw.sqlite3_exec(handle, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, blob BLOB, small INTEGER)");
    }

    [TearDown]
    public void Close() => handle.Dispose();

    [TestCase(1L, "text", "00ff", 7)]
    [TestCase(long.MinValue, "", "", int.MinValue)]
    [TestCase(3L, null, "20", null)]
    [TestCase(4L, "ünïcode 😀", "00", 0)]
    [TestCase(5L, "a\0b", "00", 0)]
    public void Run_OfARow_KeepsEveryValue(long id, string? text, string hex, int? small)
    {
        using var statement = new SqliteStatement(handle, "INSERT INTO t VALUES (@id, @text, @blob, @small); SELECT id, text, blob, small, small IS NULL FROM t WHERE id = @id;", Columns);
        var rows = new List<(long, string?, string, int?)>();

        statement.Run(
            (id, text, hex, small),
            static (row, write) =>
            {
                write.Int64(row.id);
                write.Text(row.text);
                write.Binary(Convert.FromHexString(row.hex));
                write.Int32(row.small);
            },
            row => rows.Add((row.Int64(0), row.Text(1), Convert.ToHexStringLower(row.Binary(2)), row.IsNull(3) ? null : (int)row.Int64(3))));

        rows.Should().Equal((id, text, hex, small));
    }

    [Test]
    public void Run_OfLongValues_KeepsThem([Values(170, 171, 512, 1000, 100_000)] int length)
    {
        using var statement = new SqliteStatement(handle, "INSERT INTO t (id, text, blob) VALUES (@id, @text, @blob); SELECT text, blob FROM t WHERE id = @id;", Columns);
        var (text, blob) = (new string('\u20ac', length), Enumerable.Range(0, length).Select(i => (byte)i).ToArray());
        var read = new List<(string?, byte[])>();

        statement.Run(
            (text, blob),
            static (row, write) =>
            {
                write.Int64(1);
                write.Text(row.text);
                write.Binary(row.blob);
                write.Int32(null);
            },
            row => read.Add((row.Text(0), row.Binary(1))));

        read.Should().ContainSingle();
        read[0].Item1.Should().Be(text);
        read[0].Item2.Should().Equal(blob);
    }

    [Test]
    public void Run_OfSeveralStatements_RunsAllOnTheSameParameters()
    {
        using var statement = new SqliteStatement(handle, "INSERT INTO t (id) VALUES (@id) ON CONFLICT DO NOTHING; SELECT last_insert_rowid() WHERE changes() > 0;", [Columns[0]]);
        var ids = new List<long>();

        foreach (var id in (long[])[5, 5, 6]) statement.Run(id, static (row, write) => write.Int64(row), row => ids.Add(row.Int64(0)));

        ids.Should().Equal(5, 6);
    }

    [Test]
    public void Run_AfterARowThatFailed_WorksOn()
    {
        using var statement = new SqliteStatement(handle, "INSERT INTO t (id) VALUES (@id);", [Columns[0]]);
        void Insert(long id) => statement.Run(id, static (row, write) => write.Int64(row), static _ => { });
        Insert(1);

        FluentActions.Invoking(() => Insert(1)).Should().Throw<SqliteException>().Which.SqliteExtendedErrorCode.Should().Be(raw.SQLITE_CONSTRAINT_PRIMARYKEY);
        Insert(2);

        raw.sqlite3_total_changes(handle).Should().Be(2);
    }

    [Test]
    public void Run_WhenTheRowsReaderThrows_LeavesNoStatementOpen()
    {
        using var statement = new SqliteStatement(handle, "INSERT INTO t (id) VALUES (@id); SELECT id FROM t;", [Columns[0]]);

        FluentActions.Invoking(() => statement.Run(1L, static (row, write) => write.Int64(row), static _ => throw new InvalidOperationException()))
            .Should().Throw<InvalidOperationException>();

        raw.sqlite3_exec(handle, "DROP TABLE t").Should().Be(raw.SQLITE_OK, "an open statement would hold the table");
    }

    [Test]
    public void Constructor_OfWrongSql_SaysWhatIsWrong() =>
        FluentActions.Invoking(() => new SqliteStatement(handle, "SELECT x FROM nowhere", [])).Should().Throw<SqliteException>().WithMessage("*nowhere*");
}
