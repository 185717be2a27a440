using System.Data;
using FluentAssertions;
using NUnit.Framework;
using TxMsg.AcceptanceTests.Harness;

namespace TxMsg.Client.Tests.Producing;

/// <summary>The databases that the barrier is tested on.</summary>
public sealed class BarrierDatabases
{
    private static readonly string[] Sqlite = ["wal", "delete", "wal deferred", "delete deferred"];

    public static IEnumerable<string> All => ServerDatabase.Server is null ? Sqlite : [.. Sqlite, "READ COMMITTED", "RCSI", "SNAPSHOT"];

    [Test]
    public void SqlServer_IsConfigured()
    {
        if (ServerDatabase.Server is null) Assert.Ignore("set TXMSG_TEST_SQLSERVER to test the barrier on SQL Server");
        All.Should().HaveCount(Sqlite.Length + 3);
    }

    public static async Task<BarrierDatabase> CreateAsync(string name)
    {
        BarrierDatabase database = name switch
        {
            "READ COMMITTED" => new BarrierDatabase.SqlServer(false, IsolationLevel.ReadCommitted),
            "RCSI" => new BarrierDatabase.SqlServer(true, IsolationLevel.ReadCommitted),
            "SNAPSHOT" => new BarrierDatabase.SqlServer(true, IsolationLevel.Snapshot),
            _ => new BarrierDatabase.Sqlite(name.Split(' ')[0], name.EndsWith("deferred", StringComparison.Ordinal)),
        };
        await database.CreateAsync();
        return database;
    }
}
