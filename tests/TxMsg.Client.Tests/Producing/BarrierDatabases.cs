using NUnit.Framework;
using System.Data;

namespace TxMsg.Client.Tests.Producing;

/// <summary>The databases that the barrier is tested on; null stands for a server that is not configured.</summary>
public static class BarrierDatabases
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("TXMSG_TEST_SQLSERVER") is { Length: > 0 } value ? value : null;

    public static readonly string[] Sqlite = ["wal", "delete", "wal deferred", "delete deferred"];

    public static IEnumerable<string> All => Server is null ? [.. Sqlite, "SQL Server"] : [.. Sqlite, "READ COMMITTED", "RCSI", "SNAPSHOT"];

    public static async Task<BarrierDatabase> CreateAsync(string name)
    {
        if (name == "SQL Server") Assert.Ignore("set TXMSG_TEST_SQLSERVER to test the barrier on SQL Server");
        BarrierDatabase database = name switch
        {
            "READ COMMITTED" => new BarrierDatabase.SqlServer(Server!, false, IsolationLevel.ReadCommitted),
            "RCSI" => new BarrierDatabase.SqlServer(Server!, true, IsolationLevel.ReadCommitted),
            "SNAPSHOT" => new BarrierDatabase.SqlServer(Server!, true, IsolationLevel.Snapshot),
            _ => new BarrierDatabase.Sqlite(name.Split(' ')[0], name.EndsWith("deferred", StringComparison.Ordinal)),
        };
        await database.CreateAsync();
        return database;
    }
}
